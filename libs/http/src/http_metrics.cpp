#include "http_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace preau::http {

void LoopMetrics::finished(int status, std::int64_t duration) {
    by_class[static_cast<std::size_t>(std::clamp(status / 100, 1, 5))].fetch_add(1, std::memory_order_relaxed);
    auto seconds = static_cast<double>(duration) / 1e9;
    auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(bounds, seconds) - bounds.begin());
    durations[bucket].fetch_add(1, std::memory_order_relaxed);
    nanoseconds.fetch_add(static_cast<std::uint64_t>(duration), std::memory_order_relaxed);
}

namespace {

template <class Pick> std::uint64_t sum(const std::vector<const LoopMetrics*>& loops, Pick pick) {
    std::uint64_t total = 0;
    for (const auto* loop : loops) total += static_cast<std::uint64_t>(pick(*loop).load(std::memory_order_relaxed));
    return total;
}

void write_durations(std::string& out, const std::vector<const LoopMetrics*>& loops) {
    out += "# TYPE preau_http_request_seconds histogram\n";
    std::uint64_t below = 0;
    for (std::size_t i = 0; i <= LoopMetrics::bounds.size(); ++i) {
        below += sum(loops, [i](auto& loop) -> auto& { return loop.durations[i]; });
        auto bound = i < LoopMetrics::bounds.size() ? fmt::format("{}", LoopMetrics::bounds[i]) : "+Inf";
        out += fmt::format("preau_http_request_seconds_bucket{{le=\"{}\"}} {}\n", bound, below);
    }
    auto total = sum(loops, [](auto& loop) -> auto& { return loop.nanoseconds; });
    out += fmt::format("preau_http_request_seconds_sum {}\n", static_cast<double>(total) / 1e9);
    out += fmt::format("preau_http_request_seconds_count {}\n", below);
}

} // namespace

std::string prometheus_text(const std::vector<const LoopMetrics*>& loops) {
    std::string out = "# TYPE preau_http_requests_total counter\n";
    for (std::size_t i = 1; i <= 5; ++i)
        out += fmt::format("preau_http_requests_total{{class=\"{}xx\"}} {}\n", i,
                           sum(loops, [i](auto& loop) -> auto& { return loop.by_class[i]; }));
    write_durations(out, loops);
    auto counter = [&](std::string_view name, auto pick) {
        out += fmt::format("# TYPE preau_http_{0} counter\npreau_http_{0} {1}\n", name, sum(loops, pick));
    };
    counter("received_bytes_total", [](auto& loop) -> auto& { return loop.bytes_in; });
    counter("sent_bytes_total", [](auto& loop) -> auto& { return loop.bytes_out; });
    counter("connections_total", [](auto& loop) -> auto& { return loop.accepted; });
    counter("connections_turned_away_total", [](auto& loop) -> auto& { return loop.turned_away; });
    counter("deadlines_total", [](auto& loop) -> auto& { return loop.expired; });
    out += fmt::format("# TYPE preau_http_connections gauge\npreau_http_connections {}\n",
                       sum(loops, [](auto& loop) -> auto& { return loop.open; }));
    return out;
}

} // namespace preau::http
