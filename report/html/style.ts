import { colourStyle } from '../charts/palette.ts';

/** Widths: a drawing of 720 px beside its text on a screen, one of 358 px above it on a phone. */
export const style = `${colourStyle(':root')}
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,"DejaVu Sans",sans-serif}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99in}
.skip:focus{left:16px;top:8px;padding:8px;background:var(--page);z-index:1}
header,nav,main,footer{max-width:1140px;margin:0 auto;padding:0 16px}
h1{font-size:1.6rem;line-height:1.25;margin:24px 0 8px;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:40px 0 12px;padding-top:12px;border-top:2px solid var(--grid)}
h3{font-size:1.05rem;margin:24px 0 8px}
p,li{max-width:75ch;overflow-wrap:anywhere}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;padding:0;list-style:none;margin:12px 0}
.verdict{display:inline-block;padding:2px 12px;border:2px solid;border-radius:6px;font-weight:700}
.pass,.held{color:var(--good)}
.fail,.broken,.invalid{color:var(--bound)}
.held::before,.pass::before{content:"✓ "}
.broken::before,.fail::before{content:"✗ "}
.invalid::before{content:"? "}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(240px,100%),1fr));gap:8px 24px;margin:12px 0}
dt{color:var(--muted);font-size:.85rem}
dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:12px 0}
table{border-collapse:collapse;font-size:.875rem;min-width:min(100%,640px)}
caption{text-align:left;font-weight:600;padding:4px 0}
th,td{padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--grid);max-width:420px;overflow-wrap:break-word}
tbody th{font-weight:400}
thead th{color:var(--muted);white-space:nowrap}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
figure{margin:16px 0;break-inside:avoid}
figure svg{display:block;max-width:100%;height:auto}
figcaption{font-size:.95rem;font-weight:600;overflow-wrap:anywhere;grid-column:1/-1}
.about{font-size:.875rem;overflow-wrap:anywhere;min-width:0}
.about table{min-width:100%}
details{margin:6px 0}
summary{cursor:pointer;color:var(--link)}
.large{display:grid;grid-template-columns:720px minmax(0,1fr);gap:4px 24px}
.wide,.narrow{min-width:0}
.narrow{display:none}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(358px,100%),1fr));gap:24px 16px}
.small{margin:0;min-width:0}
footer{color:var(--muted);font-size:.85rem;padding:32px 16px}
@media (max-width:1080px){.large{grid-template-columns:minmax(0,1fr);gap:8px}}
@media (max-width:760px){.wide{display:none}.narrow{display:block}}
@media print{body{font-size:11pt}nav,.skip{display:none}.large{grid-template-columns:minmax(0,1fr)}.scroll{overflow:visible}table{font-size:8pt;min-width:0}th,td{padding-right:6px}thead th,.n{white-space:normal}h2,h3{break-after:avoid}a{color:inherit}}
`;
