// SPDX-License-Identifier: Apache-2.0
#include "markup.hpp"

namespace bench::html {

std::string_view style() {
    return R"css(
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1c1d1f;--dim:#5d6167;--rule:#dcdde0;--card:#fff;
--wolf:#0067a8;--mbed:#c2500a;--open:#00795a;--else:#9a4a86;--good:#00694c;--bad:#b3261e;--warn:#fff3d6}
@media(prefers-color-scheme:dark){:root{--bg:#15171a;--fg:#e6e7e9;--dim:#a0a5ad;--rule:#33373d;--card:#1c1f23;
--wolf:#5cb3ee;--mbed:#f2935a;--open:#4fc9a2;--else:#d994c6;--good:#5fd0a8;--bad:#ff8a80;--warn:#3d3216}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1360px;padding:24px 20px 48px;background:var(--bg);color:var(--fg);
overflow-wrap:anywhere;
font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
h1{font-size:27px;line-height:1.2;margin:0 0 4px}h2{font-size:19px;margin:38px 0 6px}
h3,figcaption{font-size:14px;font-weight:600;margin:0 0 8px}
p{margin:0 0 12px;max-width:82ch}small,.dim{color:var(--dim)}
td i{font-style:normal;font-size:smaller;color:var(--dim)}
ul{margin:0;padding-left:20px}
a{color:var(--wolf)}
nav{margin:14px 0 0;display:flex;flex-wrap:wrap;gap:4px 18px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,250px),1fr));gap:14px;margin:20px 0 0}
.tile,figure,.box,details{background:var(--card);border:1px solid var(--rule);border-radius:8px}
.tile{padding:12px 16px}.tile b{display:block;font-size:23px;line-height:1.3;font-weight:650}
.warning{background:var(--warn);border-radius:8px;padding:10px 16px;margin:14px 0 0}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,350px),1fr));gap:14px;align-items:start}
.tall{grid-row:span 2}
figure{margin:0;padding:12px 14px 10px}figcaption small{display:block;font-weight:400;font-size:13px}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{font-size:12px;fill:var(--fg)}
svg .v{text-anchor:end;font-weight:600}svg .q{font-weight:400;font-size:11px;fill:var(--dim)}
svg .h{font-size:11px;fill:var(--dim)}
svg .t{font-size:11px;fill:var(--dim);text-anchor:middle}svg .t.e{text-anchor:end}svg .t.s{text-anchor:start}
.g,.axis,.w,.line{fill:none;stroke:var(--rule);stroke-width:.6}.axis{stroke-width:1.3}
.w{stroke:var(--fg);stroke-width:1.2}
.wolfssl{--c:var(--wolf)}.mbedtls{--c:var(--mbed)}.openssl{--c:var(--open)}.other{--c:var(--else)}
rect,.m{fill:var(--c);stroke:var(--c)}.m{stroke-width:1.4}
rect{rx:1.5px}rect.pale{fill-opacity:.38}.m.pale{fill:var(--card)}
.line{stroke:var(--c);stroke-width:1.8}.line.pale{stroke-dasharray:4 3}
.key{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:7px;border:1.5px solid var(--c,var(--rule))}
.key.wolfssl,.key.mbedtls,.key.openssl,.key.other{background:var(--c)}.key.pale{background:none}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;margin:0 0 12px;padding:0;list-style:none}
.box{overflow-x:auto;margin:0 0 14px}.box:focus-visible{outline:2px solid var(--wolf)}
table{border-collapse:collapse;font-size:13.5px;font-variant-numeric:tabular-nums;width:100%}
th,td{padding:5px 12px;text-align:right;white-space:nowrap;border-top:1px solid var(--rule);font-weight:400}
thead th,thead td{border-top:0;color:var(--dim);font-size:12.5px;vertical-align:bottom}
th:first-child,td:first-child,.text,thead th.text{text-align:left}
tbody th{position:sticky;left:0;background:var(--card)}
td.text{white-space:normal;min-width:24ch}td.text small{display:block}
.met{color:var(--good);font-weight:600}.missed{color:var(--bad);font-weight:700}.none{color:var(--dim)}
details{margin:0 0 8px}summary{padding:8px 14px;cursor:pointer}summary small{margin-left:8px}
details .box{border:0;border-top:1px solid var(--rule);border-radius:0 0 8px 8px;margin:0}
.grid+.box,.grid+details{margin-top:14px}
@media(max-width:560px){body{padding:16px 12px 32px}h1{font-size:23px}th,td{padding:5px 8px}td.text{min-width:15ch}
#targets thead{display:none}#targets tr{display:flex;flex-wrap:wrap;border-top:1px solid var(--rule)}
#targets td{border:0}#targets td+td+td{margin-left:auto}#targets td+td+td+td{margin-left:0}
#targets .text{order:1;width:100%;padding-top:0}}
@media print{details:not([open])>*{display:block}.box{overflow:visible}}
)css";
}

} // namespace bench::html
