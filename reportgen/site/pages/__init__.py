"""What stands on each page: the contexts of the templates, filled from runs and documents."""
