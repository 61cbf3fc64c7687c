"""The frame of a self-contained HTML page: light and dark, no scripts, nothing loaded from anywhere."""

from __future__ import annotations

import html

from parity.formats.safe import safe

_STYLE = """
:root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--paper:#fff;--card:#f6f8fa;--line:#d1d9e0;
--error:#cf222e;--warning:#9a6700;--info:#0969da;--ok:#1a7f37;--mark:#ffd8d3}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--paper:#0d1117;--card:#151b23;--line:#3d444d;
--error:#f85149;--warning:#d29922;--info:#58a6ff;--ok:#3fb950;--mark:#5c1a1b}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:2rem 1.25rem 4rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2.25rem 0 .5rem;overflow-wrap:anywhere}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}p{margin:.4rem 0}.soft{color:var(--soft)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
code{overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{padding:.4rem .7rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600;color:var(--soft)}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
article{border:1px solid var(--line);border-left:.3rem solid var(--soft);border-radius:.4rem;background:var(--card);
padding:.9rem 1.1rem;margin:1rem 0}
article.error{border-left-color:var(--error)}article.warning{border-left-color:var(--warning)}
article.info{border-left-color:var(--info)}
b.error,.counts .error{color:var(--error)}b.warning,.counts .warning{color:var(--warning)}
b.info,.counts .info{color:var(--info)}.ok{color:var(--ok)}
figure{margin:.6rem 0}figcaption{font-size:.875rem;color:var(--soft);overflow-wrap:anywhere}
pre{margin:.15rem 0;padding:.5rem .7rem;overflow-x:auto;background:var(--paper);border:1px solid var(--line);
border-radius:.3rem}
mark{background:var(--mark);color:inherit;border-radius:.15rem}.no{color:var(--soft);user-select:none}
ol{margin:.3rem 0;padding-left:1.6rem}dl{margin:.4rem 0}dt{font-weight:600}dd{margin:0 0 .35rem;overflow-wrap:anywhere}
details{margin:.4rem 0}summary{cursor:pointer;font-weight:600}svg{max-width:100%;height:auto}
@media(max-width:40rem){body{padding:1rem .75rem 3rem}table,tbody,tr,td{display:block}thead{display:none}
tr{border-bottom:1px solid var(--line);padding:.4rem 0}td{border:0;padding:.1rem 0}td.n{text-align:left}
td[data-name]::before{content:attr(data-name)": ";color:var(--soft)}td.none{display:none}article{padding:.7rem .8rem}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, body: str) -> str:
    """The whole document around `body`, which is markup already."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def text(content: str) -> str:
    """As text of an element or an attribute: markup, control characters and broken bytes made harmless."""
    return html.escape(safe(content)).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def element(name: str, content: str, kind: str = "") -> str:
    """An element with text."""
    return f"<{name}{f' class={kind}' if kind else ''}>{text(content)}</{name}>"
