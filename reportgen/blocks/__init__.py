"""The fences of the report language: one file per kind."""
