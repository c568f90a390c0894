"""What keys and tokens look like: those that services mark, so that they can be told from any other text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class SecretKind:
    """A kind of secret that is known by its form.

    Attributes:
        name: What people call it.
        signs: Texts of which one is in every secret of this kind: looking for them first is fast.
        begins: Whether each match begins with a sign.
        pattern: The secret; the group `secret` where more must stand around it.
    """

    name: str
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    begins: bool = False

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """All matches in a text."""
        if not self.begins:
            yield from self.pattern.finditer(text) if any(sign in text for sign in self.signs) else ()
            return
        for sign in self.signs:
            start = text.find(sign)
            while start >= 0:
                if match := self.pattern.match(text, start):
                    yield match
                start = text.find(sign, start + 1)


def _kind(name: str, signs: str, pattern: str) -> SecretKind:
    """A kind; signs after "^ " begin each match."""
    begins = signs.startswith("^ ")
    return SecretKind(name, tuple(signs.removeprefix("^ ").split()), re.compile(pattern), begins)


_START, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"

SECRET_KINDS: tuple[SecretKind, ...] = (
    _kind("private key", "PRIVATE", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    _kind("PuTTY private key", "^ PuTTY-User", r"PuTTY-User-Key-File-\d"),
    _kind("age private key", "^ AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[0-9A-Z]{50,}"),
    _kind("W&B API key", "^ wandb_v", rf"{_START}wandb_v\d_[A-Za-z0-9_]{{30,}}"),
    _kind("W&B API key", "^ local-", rf"{_START}local-[0-9a-f]{{40}}{_END}"),
    _kind(
        "W&B API key",
        "wandb WANDB Wandb W&B",
        r"(?i:wandb_?api_?key|wandb_?key|wandb\s+login(?:\s+--(?:relogin|verify|cloud))*(?:\s+--key)?|w&(?:amp;)?b (?:api )?key)"
        r"\W{0,8}(?P<secret>[0-9a-f]{40})(?![0-9a-f])",
    ),
    _kind("Hugging Face token", "^ hf_ api_org_", rf"{_START}(?:hf|api_org)_[A-Za-z0-9]{{30,}}{_END}"),
    _kind("Anthropic API key", "^ sk-ant-", rf"{_START}sk-ant-[A-Za-z0-9_-]{{20,}}"),
    _kind("OpenRouter API key", "^ sk-or-", rf"{_START}sk-or-v1-[0-9a-f]{{40,}}"),
    _kind("OpenAI API key", "^ sk-", rf"{_START}sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{{20,}}"),
    _kind("OpenAI API key", "^ sk-", rf"{_START}sk-(?!ant-|or-)(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{{32,}}{_END}"),
    _kind("AWS access key", "^ AKIA ASIA", rf"{_START}(?:AKIA|ASIA)[A-Z0-9]{{16}}{_END}"),
    _kind(
        "AWS secret key",
        "aws AWS Secret secret",
        r"(?i:aws_?secret_?(?:access_?)?key|aws_?session_?token|secret_?access_?key)\W{1,8}(?P<secret>[A-Za-z0-9/+]{40,}={0,2})",
    ),
    _kind("Google API key", "^ AIza", rf"{_START}AIza[A-Za-z0-9_-]{{35}}"),
    _kind("Google OAuth secret", "^ GOCSPX- ya29.", rf"{_START}(?:GOCSPX-[A-Za-z0-9_-]{{20,}}|ya29\.[A-Za-z0-9_-]{{20,}})"),
    _kind("GitHub token", "^ ghp_ gho_ ghu_ ghs_ ghr_", rf"{_START}gh[pousr]_[A-Za-z0-9]{{30,}}"),
    _kind("GitHub token", "^ github_pat_", rf"{_START}github_pat_[A-Za-z0-9_]{{22,}}"),
    _kind(
        "GitLab token",
        "^ glpat- gldt- glrt- gloas- glsoat- glft- glptt- glcbt- glimt- glagent- glffct- glwt-",
        rf"{_START}gl[a-z]+-[A-Za-z0-9_.-]{{20,}}",
    ),
    _kind("Slack token", "^ xox xapp-", rf"{_START}(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{{10,}}"),
    _kind("Slack webhook", "^ hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}"),
    _kind("Stripe key", "_live_ _test_ whsec_", rf"{_START}(?:[srp]k_(?:live|test)_[A-Za-z0-9]{{16,}}|whsec_[A-Za-z0-9+/=]{{24,}})"),
    _kind("npm token", "^ npm_", rf"{_START}npm_[A-Za-z0-9]{{36}}"),
    _kind("PyPI token", "^ pypi-", rf"{_START}pypi-A[A-Za-z0-9_-]{{40,}}"),
    _kind("JSON web token", "^ eyJ", rf"{_START}eyJ[A-Za-z0-9_-]{{8,}}\.eyJ[A-Za-z0-9_-]{{8,}}\.[A-Za-z0-9_-]{{10,}}"),
    _kind("Neptune API token", "^ eyJhcGlf", rf"{_START}eyJhcGlf[A-Za-z0-9+/=_-]{{60,}}"),
    _kind("password in an address", "^ ://", r"://[^\s/:@\"'<>\\]{0,80}:(?P<secret>[^\s/@\"'<>\\]{3,200})@"),
    _kind("token in an address", "^ ://", r"(?<=http|ttps)://(?P<secret>[A-Za-z0-9_-]{20,100})@"),
    _kind("Azure storage key", "^ AccountKey SharedAccessKey", r"(?:AccountKey|SharedAccessKey)=(?P<secret>[A-Za-z0-9+/]{40,}={0,2})"),
    _kind("Azure signature", "sig=", r"[?&;]sig=(?P<secret>[A-Za-z0-9%/+_-]{40,}(?:=|%3[dD])?)"),
    _kind("Telegram bot token", ":AA", rf"{_START}\d{{8,10}}:AA[A-Za-z0-9_-]{{32,34}}(?![A-Za-z0-9_-])"),
    _kind(
        "Discord bot token",
        ".",
        r"[MNO](?<![A-Za-z0-9].)[A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])",
    ),
    _kind("Discord webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d+/[A-Za-z0-9_-]{40,}"),
    _kind("SendGrid key", "^ SG.", rf"{_START}SG\.[A-Za-z0-9_-]{{16,}}\.[A-Za-z0-9_-]{{32,}}"),
    _kind("Databricks token", "^ dapi", rf"{_START}dapi[0-9a-f]{{32}}(?:-\d)?"),
    _kind("Replicate token", "^ r8_", rf"{_START}r8_[A-Za-z0-9]{{36,}}"),
    _kind("Groq API key", "^ gsk_", rf"{_START}gsk_[A-Za-z0-9]{{40,}}"),
    _kind("xAI API key", "^ xai-", rf"{_START}xai-[A-Za-z0-9]{{60,}}"),
    _kind("NVIDIA API key", "^ nvapi-", rf"{_START}nvapi-[A-Za-z0-9_-]{{50,}}"),
    _kind("Docker Hub token", "^ dckr_", rf"{_START}dckr_(?:pat|oat)_[A-Za-z0-9_-]{{20,}}"),
    _kind("DigitalOcean token", "_v1_", rf"{_START}do[opr]_v1_[0-9a-f]{{64}}"),
    _kind("Vault token", "^ hvs. hvb.", rf"{_START}hv[sb]\.[A-Za-z0-9_-]{{24,}}"),
    _kind("Tailscale key", "^ tskey-", rf"{_START}tskey-[a-z]+-[A-Za-z0-9-]{{16,}}"),
    _kind("Shopify token", "^ shp", rf"{_START}shp(?:at|ca|pa|ss)_[0-9a-fA-F]{{32}}"),
    _kind("Mailchimp key", "-us", rf"{_START}[0-9a-f]{{32}}-us\d{{1,2}}{_END}"),
    _kind(
        "authorization header",
        "uthorization UTHORIZATION",
        r"(?i:authorization)\W{1,8}(?i:bearer|basic|token)\s+(?P<secret>[A-Za-z0-9._~+/-]{12,}=*)",
    ),
    _kind("netrc password", "^ machine", r"machine\s+\S+\s+login\s+\S+\s+password\s+(?P<secret>\S{4,})"),
)
"""In the order in which they are looked for: of two that are found at the same place, the first one names it."""
