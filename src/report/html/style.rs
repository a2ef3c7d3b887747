//! The page's looks: one column for reading, two for figures on wide screens, paper in print.

/// The style sheet.
pub(super) const SHEET: &str = r#"
:root{color-scheme:light dark;--paper:#fff;--ink:#1a1a1a;--second:#525252;--rule:#d5d5d5;--soft:#f4f4f2;--mark:#9a4300;--accent:#005f94}
@media (prefers-color-scheme:dark){:root{--paper:#15181b;--ink:#e8e8e6;--second:#aeb2b5;--rule:#3a3f44;--soft:#1e2226;--mark:#ffb27a;--accent:#7cc4f0}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:72rem;padding:1.25rem 1rem 3rem;background:var(--paper);color:var(--ink);font:1rem/1.55 "DejaVu Sans",Verdana,Geneva,sans-serif;overflow-wrap:break-word}
header,main>*,footer{max-width:46rem;margin-inline:auto}
main>#figures,main>#assumptions{max-width:none}
main>#claims,main>#estimates{max-width:60rem}#claims th[scope=row]{white-space:nowrap}
h1{font-size:clamp(1.45rem,4.5vw,2.1rem);line-height:1.2;margin:.2rem 0 .4rem;text-wrap:balance}
h2{font-size:1.15rem;line-height:1.3;margin:2.4rem 0 .7rem;padding-top:.6rem;border-top:1px solid var(--rule)}
.mode{margin:0;color:var(--mark);font-weight:bold;font-size:.8rem;letter-spacing:.06em;text-transform:uppercase}
.subtitle{margin:0 0 1rem;color:var(--second)}
.headline{font-size:1.15rem;line-height:1.5;border-left:.3rem solid var(--accent);padding-left:.9rem;margin-block:1.4rem}
table{border-collapse:collapse;width:100%;font-size:.875rem;line-height:1.4}
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem .45rem 0;border-bottom:1px solid var(--rule)}
thead th{color:var(--second);font-weight:normal;vertical-align:bottom}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.number+td,th.number+th:not(.number){padding-left:.6rem}
.assumed{color:var(--mark);font-weight:bold}
.assumed::before{content:"\25C6\00A0";font-size:.7em;vertical-align:.1em}
.is-assumed th{border-left:.2rem solid var(--mark);padding-left:.5rem}
details{margin-block:.5rem}summary{cursor:pointer;padding-block:.35rem;color:var(--accent)}#assumptions th[scope=row]{width:20%}#assumptions td:nth-child(2){width:34%}#assumptions td:nth-child(3){width:6.5rem}
ul{padding-left:1.2rem}li{margin-block:.35rem}
.figures{display:grid;gap:1.5rem;grid-template-columns:1fr;align-items:start}
figure{margin:0;min-width:0}figure:only-child{grid-column:1/-1;width:100%;max-width:36rem;margin-inline:auto}
figure svg{display:block;width:100%;height:auto;background:#fff;border:1px solid var(--rule);border-radius:3px}
figcaption{font-size:.8125rem;line-height:1.45;color:var(--second);margin-top:.5rem}
dl{margin:0}dl div{padding-block:.35rem;border-bottom:1px solid var(--rule)}
dt{font-weight:bold}dd{margin:0}
pre{background:var(--soft);padding:.8rem 1rem;overflow-x:auto;border-radius:3px;font-size:.85rem}
code{font-family:ui-monospace,"DejaVu Sans Mono",Consolas,monospace;overflow-wrap:anywhere}
pre code{overflow-wrap:normal}
footer{margin-top:3rem;color:var(--second);font-size:.8rem}
@media (min-width:60rem){.figures{grid-template-columns:1fr 1fr}dl div{display:grid;grid-template-columns:11rem 1fr;gap:1rem}}
@media (max-width:40rem){
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
tr{display:block;border-bottom:1px solid var(--rule);padding:.55rem 0}
th,td{display:block;border:0;padding:.1rem 0}
td:empty{display:none}
td.number+td{padding-left:0}
.number{text-align:left;white-space:normal}
td[data-label]::before{content:attr(data-label) ": ";color:var(--second)}
#key-figures td{display:inline}#key-figures td[data-label]::before{content:none}
#key-figures td:nth-child(3)::before{content:" ("}#key-figures td:nth-child(3)::after{content:") "}
#key-figures td:nth-child(5)[data-label]:not(:empty)::before{content:" · ";color:var(--second)}
#key-figures th{display:block}
#assumptions th[scope=row],#assumptions td:nth-child(2),#assumptions td:nth-child(3){width:auto}pre{white-space:pre-wrap;overflow-wrap:anywhere}
.is-assumed{border-left:.2rem solid var(--mark);padding-left:.6rem}.is-assumed th{border:0;padding-left:0}
}
@media print{
:root{--paper:#fff;--ink:#000;--second:#444;--rule:#bbb;--soft:#fff;--mark:#9a4300;--accent:#005f94}
body{max-width:none;padding:0;font-size:9.5pt}
.figures{grid-template-columns:1fr 1fr}
figure,tr,li{break-inside:avoid}h2{break-after:avoid}
figure svg{border:0}
pre{border:1px solid var(--rule);white-space:pre-wrap}
}
@page{margin:16mm}
"#;
