"""Text in, documents out: front matter, expressions, Markdown, fences."""
