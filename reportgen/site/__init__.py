"""Documents in, a folder out."""
