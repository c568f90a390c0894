"""Logged media as a page can show them: their files in the site, and values that the browser code draws."""
