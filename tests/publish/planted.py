"""Secrets of many kinds, made up anew for each seed: none stands in this file, so that no other scanner stumbles over it."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable

LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def planted(seed: int) -> dict[str, tuple[str, str]]:
    """Kind → (the secret, the text that it stands in)."""
    chance = random.Random(seed)

    def some(count: int, letters: str = LETTERS) -> str:
        # A digit and a letter are in each, as in nearly all that services draw.
        return "".join(chance.choice(letters) for _ in range(count - 2)) + ("7a" if letters != string.ascii_uppercase else "AB")

    def part(**claims: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    plain: dict[str, Callable[[], str]] = {
        "W&B, new": lambda: f"wandb_v1_{some(77)}",
        "Hugging Face": lambda: f"hf_{some(34)}",
        "OpenAI project": lambda: f"sk-proj-{some(60)}",
        "OpenAI, old": lambda: f"sk-{some(20)}T3BlbkFJ{some(20)}",
        "Anthropic": lambda: f"sk-ant-api03-{some(90)}",
        "AWS id": lambda: f"AKIA{some(16, string.ascii_uppercase)}",
        "Google": lambda: f"AIza{some(35)}",
        "GitHub": lambda: f"ghp_{some(36)}",
        "GitHub, fine": lambda: f"github_pat_{some(22)}_{some(59)}",
        "GitLab": lambda: f"glpat-{some(20)}",
        "Slack": lambda: f"xoxb-{some(12, string.digits)}-{some(24)}",
        "Slack hook": lambda: f"https://hooks.slack.com/services/T{some(8)}/B{some(8)}/{some(24)}",
        "Stripe": lambda: f"sk_live_{some(24)}",
        "npm": lambda: f"npm_{some(36)}",
        "PyPI": lambda: f"pypi-AgEIcHlwaS5vcmc{some(80)}",
        "Telegram": lambda: f"{chance.randrange(10**8, 10**9)}:AA{some(33)}",
        "Discord": lambda: f"M{some(23)}.{some(6)}.{some(27)}",
        "SendGrid": lambda: f"SG.{some(22)}.{some(43)}",
        "Databricks": lambda: f"dapi{some(32, HEX)}",
        "Neptune": lambda: part(api_address="https://neptune.example", api_key=some(30)),
        "JWT": lambda: f"{part(alg='HS256', typ='JWT')}.{part(sub=some(8), name='a')}.{some(43)}",
        "Replicate": lambda: f"r8_{some(37)}",
        "DigitalOcean": lambda: f"dop_v1_{some(64, HEX)}",
        "Docker": lambda: f"dckr_pat_{some(27)}",
    }
    found = {kind: (text, text) for kind, make in plain.items() for text in [make()]}
    named = {
        "W&B, old": (some(40, HEX), "WANDB_API_KEY={}"),
        "W&B login": (some(40, HEX), "wandb login {}"),
        "AWS secret": (some(40), "aws_secret_access_key = {}"),
        "password": (some(12), "db_password='{}'"),
        "password, JSON": (some(12), '{{"password": "{}"}}'),
        "option": (some(20), "--api-key {}"),
        "key, YAML": (some(24), "client_secret: {}"),
        "address": (some(14), "postgresql://kim:{}@db.example/runs"),
        "Azure": (f"{some(86)}==", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={};"),
        "bearer": (some(40), "Authorization: Bearer {}"),
        "netrc": (some(18), "machine api.example login user password {}"),
    }
    found |= {kind: (secret, text.format(secret)) for kind, (secret, text) in named.items()}
    key = f"-----BEGIN {'OPENSSH'} PRIVATE KEY-----"
    found["SSH key"] = (key, f"{key} {some(64)}")
    pgp = f"-----BEGIN {'PGP'} PRIVATE KEY BLOCK-----"
    found["PGP key"] = (pgp, f"{pgp} {some(64)}")
    return found
