/// The style sheet of HTML reports: one calm page, light, dark and on paper.
enum Stylesheet {
    static let source: StaticString = """
        :root{color-scheme:light;--paper:#fcfcfa;--raised:#f4f4f0;--ink:#1c2024;--soft:#565e68;--line:#dfe0da;
        --accent:#1f5fa8;--broken:#b3221b;--broken-wash:#fbeceb;--changed:#865600;--changed-wash:#fbf3e2;
        --fixed:#0b6170;--same:#2b6a3d;--inconclusive:#6b459b;--mark:#fdf3c8}
        @media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;--paper:#15181b;
        --raised:#1d2125;--ink:#e4e6e8;--soft:#a0a9b2;--line:#31373d;--accent:#7db4f0;--broken:#ff8a80;
        --broken-wash:#33201f;--changed:#e6b455;--changed-wash:#2e2717;--fixed:#66cbdc;--same:#83c793;
        --inconclusive:#c5a6f0;--mark:#3a3315}}
        @media screen{:root[data-theme=dark]{color-scheme:dark;--paper:#15181b;--raised:#1d2125;--ink:#e4e6e8;
        --soft:#a0a9b2;--line:#31373d;--accent:#7db4f0;--broken:#ff8a80;--broken-wash:#33201f;--changed:#e6b455;
        --changed-wash:#2e2717;--fixed:#66cbdc;--same:#83c793;--inconclusive:#c5a6f0;--mark:#3a3315}}
        *{box-sizing:border-box}
        html{scroll-padding-top:3.5rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",
        Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",sans-serif;font-variant-numeric:tabular-nums}
        code,pre,.m{font-family:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",
        "Liberation Mono",monospace;font-size:.855em}
        a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.18em}
        a:hover{text-decoration-thickness:2px}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;z-index:9;background:var(--paper);padding:.5rem}
        .bar{position:sticky;top:0;z-index:5;background:var(--paper);border-bottom:1px solid var(--line)}
        .bar>div,main,footer{max-width:74rem;margin:0 auto;padding:0 1.5rem}
        .bar>div{display:flex;gap:1.5rem;align-items:center;min-height:2.75rem;font-size:.87rem}
        .bar strong{letter-spacing:.01em}.bar nav{display:flex;gap:1.25rem;flex:1;overflow-x:auto}
        .bar a{color:var(--soft);text-decoration:none;white-space:nowrap}.bar a:hover{color:var(--ink)}
        button{font:inherit;font-size:.8rem;color:var(--soft);background:none;border:1px solid var(--line);
        border-radius:4px;padding:.1rem .55rem;cursor:pointer;white-space:nowrap;flex:none}button:hover{color:var(--ink);border-color:var(--soft)}
        .needs-script{display:none}.js .needs-script{display:inline-block}
        .js .row.needs-script{display:flex}
        h1{font-size:clamp(1.5rem,1rem + 2.2vw,2.15rem);line-height:1.18;font-weight:650;letter-spacing:-.018em;
        margin:0;max-width:38ch;text-wrap:balance}
        h2{font-size:1.22rem;line-height:1.3;font-weight:650;letter-spacing:-.008em;margin:3.25rem 0 1rem}
        h3{font-size:1rem;font-weight:650;margin:0}h3.sub{font-size:.87rem;font-weight:650;margin:1.75rem 0 .5rem}
        p{margin:.5rem 0;max-width:78ch}
        .verdict{padding:2.75rem 0 0}.verdict .kicker{margin:0 0 .4rem;color:var(--soft);font-size:.87rem}
        .tally{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:1.1rem 0 .65rem;padding:0;list-style:none}
        .tally b{font-weight:650}.tally a{text-decoration:none}.tally a:hover{text-decoration:underline}
        th button,.js th button{border:0;padding:0;font-size:inherit;font-weight:600}
        th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}.share{display:block;width:100%;height:7px;border-radius:2px}
        .v-broken,.v-error,.v-failed{--v:var(--broken)}.v-inconclusive{--v:var(--inconclusive)}
        .v-changed,.v-warning{--v:var(--changed)}.v-fixed,.v-hint{--v:var(--fixed)}.v-same,.v-passed{--v:var(--same)}
        .v-skipped{--v:var(--soft)}
        .word{color:var(--v,var(--ink));font-weight:600;white-space:nowrap}.fill{fill:var(--v,var(--soft))}
        dl.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.2rem 1.25rem;margin:1.5rem 0 0;
        font-size:.9rem}dl.facts dt{color:var(--soft)}dl.facts dd{margin:0;overflow-wrap:anywhere}
        .quiet{color:var(--soft)}.hash{color:var(--soft);font-size:.78em;overflow-wrap:anywhere}
        .command{display:flex;gap:.75rem;align-items:baseline}.command code{overflow-wrap:anywhere}
        ol.causes{list-style:none;margin:0;padding:0}
        .cause{border-top:1px solid var(--line);padding:1.35rem 0 1.5rem;display:grid;
        grid-template-columns:2.5rem minmax(0,1fr);scroll-margin-top:3rem}
        .cause>.no{font-size:1.22rem;font-weight:650;color:var(--v)}
        .cause table{width:auto;min-width:min(100%,40rem)}.cause .config{min-width:100%}.cause h3{font-size:1.06rem;line-height:1.4;max-width:72ch}
        .meta{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;color:var(--soft);font-size:.87rem;margin:.3rem 0 .9rem}
        .mend{border-left:3px solid var(--same);padding:.15rem 0 .15rem .9rem;margin:.9rem 0;max-width:78ch}
        .mend b{display:block;font-size:.8rem;color:var(--same)}
        .excerpt{margin:.9rem 0;border:1px solid var(--line);border-radius:4px;overflow-x:auto}
        .scroll{overflow-x:auto;margin:0 0 .5rem}
        table{border-collapse:collapse;width:100%;font-size:.87rem}
        caption{text-align:left;color:var(--soft);font-size:.87rem;padding:0 0 .4rem}
        th{text-align:left;font-weight:600;color:var(--soft);font-size:.8rem;vertical-align:bottom;white-space:nowrap}
        th,td{padding:.38rem 1rem .38rem 0;border-bottom:1px solid var(--line)}td{vertical-align:top}
        th.n:last-child,td.n:last-child{padding-right:0}.n{text-align:right;white-space:nowrap}
        td .m,td.m{overflow-wrap:anywhere}td.m{min-width:13ch}.config td{min-width:0}td.m,td .m,th .m{font-size:.93em}.nowrap{white-space:nowrap}
        tr.unchanged td{color:var(--soft)}
        tr:target td,li:target,details:target>summary{background:var(--mark)}
        del{text-decoration-color:var(--broken);color:var(--soft)}.gone{color:var(--broken)}.new{color:var(--same)}
        .other{color:var(--changed)}
        details.session{border-top:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 3rem}
        details.session:last-of-type{border-bottom:1px solid var(--line)}
        details.session>summary{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;padding:.65rem 0;cursor:pointer;
        align-items:baseline;list-style:none}details.session>summary::-webkit-details-marker{display:none}
        details.session>summary::before{content:"";width:.42em;height:.42em;border:solid var(--soft);
        border-width:0 1.5px 1.5px 0;transform:rotate(-45deg);align-self:center;flex:none}
        details[open].session>summary::before{transform:rotate(45deg)}
        details.session>div{padding:0 0 2rem 1.5rem}details.session dl.facts{margin-top:.4rem}
        .sum-id{font-weight:650}.sum-way{flex:1 1 20rem;overflow-wrap:anywhere}
        details.more{margin:.75rem 0}details.more>summary{cursor:pointer;color:var(--soft);font-size:.87rem}
        .filter{display:flex;gap:.75rem;align-items:center;margin:0 0 .9rem}
        .filter input{font:inherit;font-size:.9rem;flex:1;max-width:34rem;padding:.35rem .6rem;border:1px solid
        var(--line);border-radius:4px;background:var(--paper);color:var(--ink)}
        .keys{font-size:.8rem;color:var(--soft)}kbd{font:inherit;font-size:.92em;border:1px solid var(--line);
        border-radius:3px;padding:0 .3em}
        svg{display:block}svg text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",
        "Liberation Sans",sans-serif;font-size:12px;fill:var(--ink)}svg .soft{fill:var(--soft)}
        svg .name{font-weight:600}svg .lane{stroke:var(--line);stroke-width:1}
        svg .hair{stroke:var(--line)}svg .arrow{stroke:var(--ink);stroke-width:1.25}
        svg .head{fill:var(--ink)}svg .bad{--ink:var(--broken)}svg .lost{--ink:var(--soft)}
        svg .lost .arrow{stroke-dasharray:3 3}svg .bad text{fill:var(--broken);font-weight:600}
        svg .lost text{fill:var(--soft)}svg .pause{stroke:var(--soft);stroke-dasharray:1 4}
        svg .bad .pause{stroke:var(--broken)}
        .flow{min-width:44rem;width:100%;max-width:62rem;height:auto}.time{min-width:40rem;width:100%;height:auto}
        .config{margin:0;width:auto;min-width:100%}.config td{border:0;padding:0 1rem 0 0;line-height:1.6}
        .config .ln,.config .hits{overflow-wrap:normal;white-space:nowrap}.config .ln{color:var(--soft);text-align:right;user-select:none;padding-left:.75rem;width:1%}
        .config .hits{text-align:right;color:var(--soft);width:1%;white-space:nowrap}
        .config pre{margin:0;font-size:.82rem;white-space:pre}.config tr.named{background:var(--broken-wash)}
        .config .to{white-space:nowrap;width:1%}
        .config tr.v-warning.named,.config tr.v-hint.named{background:var(--changed-wash)}
        footer{color:var(--soft);font-size:.87rem;padding-top:2rem;padding-bottom:4rem}
        [hidden]{display:none!important}
        @media(max-width:44rem){.bar>div,main,footer{padding:0 1rem}.verdict{padding-top:1.75rem}
        .cause{grid-template-columns:1.75rem minmax(0,1fr)}details.session>div{padding-left:0}
        dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin-bottom:.5rem}.keys{display:none!important}
        .wide{min-width:46rem}}
        @media print{.bar,.skip,button:not(th button),.filter,.keys{display:none!important}th button{color:inherit}
        *{print-color-adjust:exact}body{font-size:10pt;background:#fff}table{font-size:8pt}th{font-size:7.5pt}th,td{padding-right:.6rem}
        td.m{min-width:0}
        main,footer{max-width:none;padding:0}h2{break-after:avoid}.cause,tr,svg{break-inside:avoid}
        details.session{content-visibility:visible}.scroll{overflow:visible}.flow,.time,.wide{min-width:0}
        a{color:inherit}}
        """
}
