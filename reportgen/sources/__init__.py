"""Paths in, runs out: one file per log format."""
