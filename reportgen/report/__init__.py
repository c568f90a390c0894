"""Text in, documents out: front matter, expressions, Markdown, fences."""

from reportgen.report.document import Document, Heading, LinkedFile, PlacedBlock
from reportgen.report.reading import Report, read_report
from reportgen.report.render import render

__all__ = ["Document", "Heading", "LinkedFile", "PlacedBlock", "Report", "read_report", "render"]
