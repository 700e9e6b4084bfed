// Charts: ECharts drawn from a JSON island in the page's own colours; the data table below stays the accessible truth.

import { island, script } from "./load.js";

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function dress(option) {
  const text = { color: token("--sz-ink-soft"), fontFamily: token("--sz-font") };
  const axis = { axisLabel: text, axisLine: { lineStyle: { color: token("--sz-line-strong") } }, splitLine: { lineStyle: { color: token("--sz-line") } } };
  const dressed = (axes) => (Array.isArray(axes) ? axes : axes ? [axes] : []).map((one) => ({ ...axis, ...one }));
  return {
    color: ["--sz-blue-mark", "--sz-green-mark", "--sz-amber-mark", "--sz-red-mark", "--sz-grey-mark"].map(token),
    backgroundColor: "transparent",
    textStyle: text,
    grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
    tooltip: { trigger: option.xAxis ? "axis" : "item", confine: true },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    ...option,
    legend: option.legend && { textStyle: text, top: 0, right: 0, ...option.legend },
    xAxis: option.xAxis && dressed(option.xAxis),
    yAxis: option.yAxis && dressed(option.yAxis),
  };
}

/** Draw one chart. */
export async function connect(element) {
  const option = island(element.dataset.source);
  if (!option) return;
  await script(element.dataset.library);
  element.hidden = false;
  const chart = window.echarts.init(element, null, { renderer: "svg" });
  chart.setOption(dress(option));
  new ResizeObserver(() => chart.resize()).observe(element);
}
