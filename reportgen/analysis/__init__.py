"""Frames in, frames out: statistics that know nothing of charts."""
