#include <cstdlib>
#include <string_view>

#include "evaluation/markup.h"
#include "evaluation/svg_chart.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1a1d21; --soft: #565d66; --grid: #dde1e6;
  --card: #f6f7f9; --s0: #0b5fb8; --s1: #b3541e; --s2: #23764a; --s3: #8a3ea0; --s4: #7a6a00; --s5: #a3244d;
  --win: #0b5fb8; --on-win: #ffffff; --draw: #a4abb4; --on-draw: #14171c; --loss: #b3541e; --on-loss: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171c; --ink: #e8eaed; --soft: #a9b1bb; --grid: #2f3640;
  --card: #1c2027; --s0: #6cb2ff; --s1: #ffa166; --s2: #63c58e; --s3: #d59be8; --s4: #d9c65a; --s5: #ff8fae;
  --win: #6cb2ff; --on-win: #0a0d10; --draw: #7f8791; --on-draw: #0a0d10; --loss: #ffa166; --on-loss: #0a0d10; } }
.chart { font: 13px system-ui, "Noto Sans CJK JP", sans-serif; width: 100%; height: auto; background: var(--card); }
.chart .heading { font-weight: 600; fill: var(--ink); } .chart .label { fill: var(--ink); }
.chart .tick { fill: var(--soft); font-size: 12px; } .chart .grid { stroke: var(--grid); }
.chart .axis { stroke: var(--soft); } .chart .line { fill: none; stroke-width: 2; }
.chart .error { stroke-width: 2; opacity: 0.6; } .chart .dot { stroke: var(--card); } .chart .bar { fill: var(--s0); }
.chart .line.s0, .chart .error.s0 { stroke: var(--s0); } .chart .dot.s0 { fill: var(--s0); }
.chart .line.s1, .chart .error.s1 { stroke: var(--s1); } .chart .dot.s1 { fill: var(--s1); }
.chart .line.s2, .chart .error.s2 { stroke: var(--s2); } .chart .dot.s2 { fill: var(--s2); }
.chart .line.s3, .chart .error.s3 { stroke: var(--s3); } .chart .dot.s3 { fill: var(--s3); }
.chart .line.s4, .chart .error.s4 { stroke: var(--s4); } .chart .dot.s4 { fill: var(--s4); }
.chart .line.s5, .chart .error.s5 { stroke: var(--s5); } .chart .dot.s5 { fill: var(--s5); }
.chart .win { fill: var(--win); } .chart .draw { fill: var(--draw); } .chart .loss { fill: var(--loss); }
.chart .on-win { fill: var(--on-win); } .chart .on-draw { fill: var(--on-draw); }
.chart .on-loss { fill: var(--on-loss); }
)css";

}  // namespace

std::string chart_style() { return std::string(kStyle); }

double chart_height(const std::string& chart) {
  constexpr std::string_view kBox = "viewBox=\"0 0 ";
  const std::size_t box = chart.find(kBox);
  const std::size_t space = box == std::string::npos ? box : chart.find(' ', box + kBox.size());
  return space == std::string::npos ? 0 : std::strtod(chart.c_str() + space, nullptr);
}

std::string svg_document(const std::string& chart) {
  const std::size_t end = chart.find('>');
  if (end == std::string::npos) return chart;
  return chart.substr(0, end + 1) + "<style>" + chart_style() + "</style>" + chart.substr(end + 1) + "\n";
}

std::string svg_document(const std::string& title, std::span<const std::string> charts) {
  std::string body;
  double top = 0;
  for (const std::string& chart : charts) {
    const std::size_t begin = chart.find('>');
    const std::size_t end = chart.rfind("</svg>");
    if (begin == std::string::npos || end == std::string::npos) continue;
    body += "<g role=\"img\" transform=\"translate(0 " + decimal(top, 1) + ")\">" +
            chart.substr(begin + 1, end - begin - 1) + "</g>";
    top += chart_height(chart);
  }
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 " + std::to_string(kChartWidth) +
         " " + decimal(top, 1) + "\"><title>" + markup(title) + "</title><style>" + chart_style() + "</style>" + body +
         "</svg>\n";
}

}  // namespace keisei::evaluation
