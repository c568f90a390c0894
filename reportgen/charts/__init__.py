"""Frames in, Altair charts out: one file per kind of chart."""
