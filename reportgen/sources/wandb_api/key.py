"""Which W&B server is asked, and the key for it: from the environment or netrc, as the SDK finds them. It is kept in memory only."""

from __future__ import annotations

import netrc
import os
from pathlib import Path
from urllib.parse import urlsplit

from reportgen.errors import SourceError
from reportgen.sources.addresses import without_password

_SERVER = "https://api.wandb.ai"


def server() -> str:
    """`$WANDB_BASE_URL`, else the public service's address.

    Raises:
        SourceError: It is no address of a server.
    """
    address = without_password(os.environ.get("WANDB_BASE_URL", "").strip().rstrip("/")) or _SERVER
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0):
            return address
    except ValueError:
        pass
    raise SourceError(f"WANDB_BASE_URL is no address of a server: '{address}'", hint=f"the public service is {_SERVER}")


def key_page(address: str) -> str:
    """The page of a server on which a user finds the key."""
    return "https://wandb.ai/authorize" if address == _SERVER else f"{address}/authorize"


def key_for(address: str) -> str:
    """`$WANDB_API_KEY`, else the password that netrc has for the server's host (never that of its `default` entry).

    Raises:
        SourceError: There is none.
    """
    if key := os.environ.get("WANDB_API_KEY", "").strip():
        return key
    host = urlsplit(address).hostname or ""
    for file in _netrc_files():
        try:
            entry = netrc.netrc(file).hosts.get(host)
        except FileNotFoundError:
            continue
        except (OSError, netrc.NetrcParseError, UnicodeDecodeError):
            raise SourceError(f"'{file}' cannot be read, so there is no key for {host}", hint="set WANDB_API_KEY") from None
        if entry and entry[2]:
            return entry[2]
    hint = f"set WANDB_API_KEY to the key that {key_page(address)} shows, or let 'wandb login' write it to netrc"
    raise SourceError(f"there is no W&B key for {host}", hint=hint)


def _netrc_files() -> list[Path]:
    if chosen := os.environ.get("NETRC"):
        return [Path(chosen).expanduser()]
    return [Path.home() / name for name in (".netrc", "_netrc")]
