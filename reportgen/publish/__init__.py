"""Handing a site over: what is scanned and removed before, and the folder, archive or branch that it goes to."""
