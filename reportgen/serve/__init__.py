"""`reportgen serve`: a site that is built again when what it is made from changes, and pages that change where they are open.

Nothing of it is ever part of a built site.
"""

from reportgen.serve.request import Request
from reportgen.serve.server import serve

__all__ = ["Request", "serve"]
