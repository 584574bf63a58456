/// How a report looks: in light and in dark, on a screen and on paper.
enum ReportStyle {
    static let text = """
        :root { color-scheme: light dark; --ground: #f7f7f5; --sheet: #fff; --ink: #1c1d1f; --soft: #6a6d73;
          --line: #e4e4e0; --warn: #b4451f; --c0: #4c78a8; --c1: #c27c1f; --c2: #5d9b6a; --c3: #b8627d;
          --c4: #6f6bb0; --c5: #3f9a9a; --c6: #a3773f; --c7: #84878c; }
        @media (prefers-color-scheme: dark) { :root { --ground: #141517; --sheet: #1c1e21; --ink: #ececea;
          --soft: #9a9da3; --line: #2d3034; --warn: #f08a5d; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 1240px; margin: 0 auto; padding: 48px 40px 64px; }
        header .kind { margin: 0; color: var(--soft); font-size: 13px; letter-spacing: .02em; }
        h1 { margin: 2px 0 6px; font-size: 32px; line-height: 1.2; font-weight: 650; letter-spacing: -.01em;
          overflow-wrap: anywhere; }
        .facts { margin: 0; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
        .facts span + span::before { content: "·"; margin: 0 6px; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 1px; margin: 28px 0 0;
          background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
        .figure { background: var(--sheet); padding: 16px 20px 18px; }
        dt { color: var(--soft); font-size: 13px; }
        dd { margin: 2px 0 0; font-size: 25px; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums;
          letter-spacing: -.01em; }
        dd small { display: block; margin-top: 3px; color: var(--soft); font-size: 13px; font-weight: 400;
          letter-spacing: 0; }
        .warn dd { color: var(--warn); }
        section { margin-top: 44px; }
        h2 { margin: 0; font-size: 19px; font-weight: 620; letter-spacing: -.005em; }
        .note { margin: 2px 0 14px; color: var(--soft); font-size: 14px; }
        .empty { margin: 0; padding: 18px 20px; background: var(--sheet); border: 1px solid var(--line);
          border-radius: 10px; color: var(--soft); }
        .map { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; padding: 10px; }
        svg { display: block; width: 100%; height: auto; }
        svg text { pointer-events: none; font-family: inherit; fill: #fff; }
        .t { font-size: 12.5px; font-weight: 600; }
        .n { font-size: 10.5px; }
        rect { fill: var(--c); stroke: none; }
        rect.d1, rect.d2, rect.d3, rect.d4 { fill: #000; fill-opacity: .1; stroke: #fff; stroke-opacity: .35;
          stroke-width: .6; }
        rect:hover { fill-opacity: .32; }
        rect.l:hover { fill-opacity: 1; }
        .c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
        .c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); } .c7 { --c: var(--c7); }
        .scroll { overflow-x: auto; background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; }
        table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
        th { padding: 10px 16px; text-align: left; color: var(--soft); font-weight: 500; font-size: 13px;
          border-bottom: 1px solid var(--line); white-space: nowrap; }
        td { padding: 8px 16px; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
        tr:last-child td { border-bottom: 0; }
        td:has(code) { white-space: normal; overflow-wrap: anywhere; min-width: 260px; width: 100%; }
        .number, td:nth-child(2):not(:has(code)) { text-align: right; }
        .lines td:nth-child(n+3):nth-child(-n+5) { text-align: right; }
        .lines td:nth-child(2) { text-align: left; }
        code { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        .quiet code { color: var(--soft); }
        .dot { display: inline-block; width: 9px; height: 9px; margin-right: 8px; border-radius: 3px; background: var(--c); }
        .waste { color: var(--warn); }
        .bar { min-width: 110px; }
        .bar i { display: block; height: 7px; margin-top: 7px; min-width: 2px; border-radius: 4px; background: var(--c); }
        .from { white-space: nowrap; }
        footer { margin-top: 40px; color: var(--soft); font-size: 13px; }
        @media (max-width: 640px) { main { padding: 28px 16px 40px; } h1 { font-size: 25px; }
          .map { overflow-x: auto; } svg { min-width: 900px; } }
        @media print { body { background: #fff; } section { break-inside: avoid; } }

        """
}
