/** Looks of the reference pages: the console's colours, in one small sheet that stands in the page. */
export const DOCS_STYLE = `
:root{color-scheme:light dark;--bg:light-dark(#f5f6f8,#0f141b);--surface:light-dark(#fff,#161d27);--sunken:light-dark(#f1f3f6,#111821);--line:light-dark(#e4e7ec,#263041);--line-2:light-dark(#bec7d3,#3d4b61);--ink:light-dark(#16202e,#e8edf4);--ink-2:light-dark(#435064,#b4bfce);--ink-3:light-dark(#5a6678,#93a0b3);--accent:light-dark(#1b5fd9,#74a4ff);--accent-ink:light-dark(#fff,#0b1220);--accent-soft:light-dark(#e8f0fe,#1a2a49);--ok:light-dark(#0f7150,#4cc38a);--ok-soft:light-dark(#e0f4ec,#11291f);--warn:light-dark(#8a4f00,#e5a84b);--warn-soft:light-dark(#fdf0d9,#2d2310);--bad:light-dark(#b42331,#ff8791);--bad-soft:light-dark(#fdeaec,#351a1f);--code:light-dark(#131c2a,#0b1017);--mono:ui-monospace,"SF Mono","JetBrains Mono",Menlo,Consolas,monospace}
:root[data-theme=light]{color-scheme:light}:root[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}html{scroll-padding-top:72px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.65 system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:break-word}
a{color:var(--accent);text-underline-offset:2px}:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px;top:8px;z-index:3;padding:6px 12px;background:var(--surface)}.skip:focus{left:8px}
header.top{position:sticky;top:0;z-index:2;display:flex;align-items:center;gap:20px;height:56px;padding:0 24px;background:var(--surface);border-bottom:1px solid var(--line)}
.brand{display:flex;align-items:center;gap:10px;color:inherit;text-decoration:none;font-weight:600;white-space:nowrap}.tile{display:grid;place-items:center;width:28px;height:28px;border-radius:7px;background:var(--accent);color:var(--accent-ink)}
.top ul{display:flex;gap:4px;list-style:none;margin:0;padding:0}.top li a{display:block;padding:5px 10px;border-radius:6px;color:var(--ink-2);text-decoration:none;white-space:nowrap}.top li a:hover{background:var(--sunken)}.top a[aria-current]{background:var(--accent-soft);color:var(--accent);font-weight:600}.top .lang{margin-left:auto}
.frame{display:grid;grid-template-columns:264px minmax(0,1fr);max-width:1480px;margin:0 auto}.frame.alone{grid-template-columns:minmax(0,1fr);max-width:1080px}
nav.side{position:sticky;top:56px;height:calc(100dvh - 56px);overflow:auto;padding:24px 12px 48px 24px;font-size:13px}
.side ul{list-style:none;margin:0 0 18px;padding:0}.side h2{margin:0 0 4px;padding:0 8px;font-size:12px;font-weight:600;color:var(--ink-3)}
.side a{display:flex;gap:8px;align-items:baseline;padding:3px 8px;border-radius:6px;color:var(--ink-2);text-decoration:none}.side a:hover{background:var(--sunken);color:var(--ink)}.side a[aria-current]{background:var(--accent-soft);color:var(--accent)}
.side .verb{flex:none;width:32px;font:600 10px/1.8 var(--mono)}.side summary{padding:10px 12px;border:1px solid var(--line);border-radius:8px;background:var(--surface);font-weight:600;cursor:pointer}
main{padding:28px 32px 96px;min-width:0}h1{margin:0 0 6px;font-size:26px;line-height:1.3;letter-spacing:-.01em}.lead{margin:0 0 24px;color:var(--ink-2);max-width:72ch;font-size:15px}
h2{margin:44px 0 14px;font-size:19px;line-height:1.4}h3{margin:0;font-size:16px;line-height:1.45}h4{margin:20px 0 6px;font-size:13px;font-weight:600;color:var(--ink-2)}p{margin:8px 0;max-width:76ch;text-wrap:pretty}
code,pre,textarea,.path{font-family:var(--mono);font-size:12.5px}p code,li code,td code,dd code{padding:1px 5px;border-radius:4px;background:var(--sunken)}
.card{margin:0 0 20px;border:1px solid var(--line);border-radius:12px;background:var(--surface);overflow:clip}
.call{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,44%)}.call>.told{padding:20px 24px 24px}.call>.shown{padding:20px;background:var(--sunken);border-left:1px solid var(--line)}.guide{padding:20px 24px 24px}.guide.call{padding:0}.guide>h2:first-child{margin-top:0}h2 code{font-size:16px;background:none}
.path{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:4px 0 0;color:var(--ink-2);overflow-wrap:anywhere}
.verb.get{color:var(--accent)}.verb.post{color:var(--ok)}.verb.put{color:var(--warn)}.verb.delete{color:var(--bad)}
.path .verb{padding:1px 7px;border-radius:5px;font-weight:600;font-size:11px}.path .get{background:var(--accent-soft)}.path .post{background:var(--ok-soft)}.path .put{background:var(--warn-soft)}.path .delete{background:var(--bad-soft)}
dl.fields{margin:0}dl.fields>div{padding:9px 0;border-top:1px solid var(--line)}dt{display:flex;flex-wrap:wrap;gap:2px 10px;align-items:baseline}dt code{font-weight:600;font-size:13px;overflow-wrap:anywhere}dd{margin:2px 0 0;color:var(--ink-2)}.type{color:var(--ink-3);font-size:12.5px;overflow-wrap:anywhere}.must{color:var(--bad);font-size:12px}
.answers{margin:0;padding:0;list-style:none}.answers>li{padding:8px 0;border-top:1px solid var(--line)}.status{display:inline-block;min-width:40px;font:600 12.5px var(--mono);color:var(--ok)}.status.no{color:var(--bad)}.answers ul{margin:2px 0 0;padding:0;list-style:none;color:var(--ink-2)}
details.more>summary{color:var(--accent);cursor:pointer;font-size:13px}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{padding:8px 12px 8px 0;border-top:1px solid var(--line);text-align:left;vertical-align:top}th{font-size:12.5px;font-weight:600;color:var(--ink-3);border-top:0}tr:target{background:var(--accent-soft)}
.sample{position:relative;margin:0 0 14px}.sample .name{display:flex;justify-content:space-between;align-items:center;min-height:28px;font-size:12.5px;font-weight:600;color:var(--ink-2)}
pre{margin:0;padding:14px 16px;max-height:26rem;overflow:auto;border-radius:8px;background:var(--code);color:#dbe4f0;line-height:1.6;white-space:pre;tab-size:2}
button{font:inherit;cursor:pointer;border-radius:7px;border:1px solid var(--line-2);background:var(--surface);color:var(--ink);padding:5px 14px;min-height:32px}button:hover{border-color:var(--accent)}button.go{border-color:var(--accent);background:var(--accent);color:var(--accent-ink);font-weight:600}.copy{padding:0 10px;min-height:26px;font-size:12px}
.try{border-top:1px solid var(--line);margin-top:4px;padding-top:12px}.try>summary{font-weight:600;cursor:pointer}form{display:grid;gap:10px;margin-top:10px}label{display:grid;gap:3px;font-size:13px;color:var(--ink-2)}
input,textarea{width:100%;padding:7px 10px;border:1px solid var(--line-2);border-radius:7px;background:var(--surface);color:var(--ink);font:13px/1.5 var(--mono)}textarea{resize:vertical}
.credentials{display:grid;grid-template-columns:1fr 1fr auto;gap:12px;align-items:end;padding:16px 20px}.credentials p{grid-column:1/-1;margin:0;color:var(--ink-2)}
@media(max-width:1180px){.call{display:block}.call>.shown{border-left:0;border-top:1px solid var(--line)}}
@media(max-width:900px){.frame{display:block}nav.side{position:static;height:auto;padding:16px 16px 0}main{padding:20px 16px 64px}.call>.told,.guide{padding:16px}.call>.shown{padding:16px}header.top{position:static;height:auto;flex-wrap:wrap;gap:4px 12px;padding:10px 16px}.credentials{grid-template-columns:1fr;padding:16px}html{scroll-padding-top:12px}input,textarea{font-size:16px}}
@media(min-width:901px){nav.side summary{display:none}nav.side details::details-content{content-visibility:visible;block-size:auto}}
@media print{header.top,nav.side,.try,.copy,.credentials{display:none}.frame,.call{display:block}}`;
