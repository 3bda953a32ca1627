/// How the page looks: light or dark as the reader's system, black on white in print.
enum PageStyle {
  // The colours have a contrast of 3 and more to the ground, text 4.5 and more, and are 10 and more apart (CIE 1976)
  // for each kind of dichromacy, by the simulation of Machado et al. (2009).
  static let html = Markup.literal(
    """
    <style>
    :root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --muted: #5b636d; --grid: #e3e6ea;
      --soft: #f4f6f8; --edge: #c9ced5; --link: #0b5cad; --c0: #0072b2; --c1: #d55e00; --c2: #00896a;
      --c3: #a03d80; --c4: #5c4600; --c5: #8b929c; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --ground: #15181c; --ink: #e6e8eb; --muted: #a0a8b2; --grid: #2c3138; --soft: #1e2227; --edge: #454c56;
        --link: #7db8f5; --c0: #56b4e9; --c1: #ff8a3d; --c2: #2fc79d; --c3: #e796c9; --c4: #f5e27a; --c5: #868e99; }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 64rem; background: var(--ground); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif;
      overflow-wrap: anywhere; }
    h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
    h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.5rem 0 .75rem; padding-top: .75rem;
      border-top: 1px solid var(--edge); }
    p { margin: .5rem 0; max-width: 46rem; white-space: pre-line; }
    a { color: var(--link); }
    header p { color: var(--muted); font-size: 1.05rem; }
    h1, h2, p, th, td, dt, dd, li, caption, figcaption, span { unicode-bidi: isolate; }
    nav ol { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 1rem 0 0; padding: 0; }
    footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--edge); color: var(--muted);
      font-size: .8125rem; }
    footer p { margin: .125rem 0; max-width: none; }
    .scroll { overflow-x: auto; margin: .75rem 0 .5rem; }
    .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    table { border-collapse: collapse; font-size: .875rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: 600; padding: 0 .625rem .375rem; }
    th, td { padding: .3125rem .625rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--grid); }
    td { white-space: pre-line; max-width: 30rem; }
    thead th { vertical-align: bottom; border-bottom: 1px solid var(--ink); font-weight: 600; overflow-wrap: break-word;
      max-width: 11rem; }
    tbody th { font-weight: 400; min-width: 9rem; max-width: 18rem; position: sticky; left: 0;
      background: var(--ground); }
    .n { text-align: right; }
    td.n { white-space: nowrap; }
    td small, .figures small { color: var(--muted); }
    td small { display: block; font-size: .75rem; }
    td strong { text-decoration: underline; text-underline-offset: 3px; }
    .reference > * { color: var(--muted); font-style: italic; }
    th button { all: unset; cursor: pointer; }
    th button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    th button:hover { text-decoration: underline; }
    th[aria-sort=ascending] button::after { content: " \\2191"; }
    th[aria-sort=descending] button::after { content: " \\2193"; }
    .remarks { margin: .25rem 0 .75rem; padding-left: 1.1rem; color: var(--muted); font-size: .8125rem;
      max-width: 46rem; }
    .empty { color: var(--muted); font-style: italic; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem;
      margin: 1rem 0; }
    .figures div { background: var(--soft); border-radius: 6px; padding: .75rem .875rem; }
    .figures dt { color: var(--muted); font-size: .8125rem; }
    .figures dd { margin: 0; }
    .figures strong { font-size: 1.75rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
    .figures .note { color: var(--muted); font-size: .8125rem; }
    .notes { border-left: 3px solid var(--edge); padding: .25rem 0 .25rem .875rem; margin: 1rem 0; }
    .notes .heading, .notes dt { font-weight: 600; }
    .notes dl { margin: 0; }
    .notes dd { margin: 0 0 .5rem; color: var(--muted); max-width: 46rem; white-space: pre-line; }
    .samples { margin: 1rem 0; }
    .samples .heading { font-weight: 600; margin-bottom: .25rem; }
    .samples ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem;
      grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); }
    .samples li { background: var(--soft); border-radius: 6px; padding: .5rem .75rem; font-size: .875rem; }
    .samples li p { margin: .125rem 0; color: var(--muted); }
    .samples li p.first { color: var(--ink); }
    .samples audio { width: 100%; height: 2.25rem; margin-top: .375rem; }
    figure { margin: 1.5rem 0 2rem; }
    figcaption { font-weight: 600; }
    details { font-size: .875rem; margin: .5rem 0; }
    summary { cursor: pointer; color: var(--link); }
    svg { display: block; font-family: inherit; font-size: 12px; fill: var(--ink); }
    figure > .scroll > svg { width: 100%; min-width: 544px; max-width: 850px; height: auto; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.125rem; margin: .25rem 0; padding: 0;
      font-size: .8125rem; }
    .legend li { display: flex; align-items: center; gap: .375rem; }
    .legend svg { flex: none; }
    text.tick, text.small { font-size: 11px; fill: var(--muted); }
    text.middle { text-anchor: middle; }
    text.end { text-anchor: end; }
    text.value { font-size: 11px; paint-order: stroke; stroke: var(--ground); stroke-width: 3px;
      stroke-linejoin: round; }
    .s0 { --c: var(--c0); } .s1 { --c: var(--c1); } .s2 { --c: var(--c2); }
    .s3 { --c: var(--c3); } .s4 { --c: var(--c4); } .s5 { --c: var(--c5); } .open { --c: var(--muted); }
    .grid { stroke: var(--grid); } .rule { stroke: var(--grid); } .zero { stroke: var(--muted); }
    .bar { fill: var(--c); } .bar.edged { fill-opacity: .45; stroke: var(--c); }
    .bar.reused { fill-opacity: .25; stroke: var(--c); stroke-dasharray: 2 2; }
    .line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
    .band { fill: var(--c); opacity: .13; }
    .mark { fill: var(--c); stroke: var(--ground); }
    .open.mark { fill: var(--ground); stroke: var(--c); stroke-width: 1.5; }
    .spread { fill: none; stroke: var(--c); stroke-width: 1.5; }
    .halo { fill: none; stroke: var(--ground); stroke-width: 3; stroke-opacity: .6; }
    .whisker { fill: none; stroke: var(--ink); }
    .reference:where(path) { fill: none; stroke: var(--ink); stroke-width: 1.25; }
    @media print {
      body { max-width: none; padding: 0; font-size: 10pt; }
      nav, summary, audio { display: none; }
      h2, figcaption { break-after: avoid; }
      figure > .scroll, .legend, tr, .figures, .notes, .samples li { break-inside: avoid; }
      .scroll { overflow: visible; }
      tbody th { position: static; }
      details::details-content { content-visibility: visible; display: block; height: auto; }
      svg, .figures div { print-color-adjust: exact; }
      figure > .scroll > svg { min-width: 0; max-width: 100%; max-height: 24cm; }
    }
    </style>
    """)
}
