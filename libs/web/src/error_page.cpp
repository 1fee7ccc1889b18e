// What happened, what is safe, what to do: one page for every error that reaches a reader.
#include "base/text.hpp"
#include "shell_view.hpp"
#include "web/pages.hpp"

#include <fmt/core.h>

namespace preau::web {
namespace {

// The texts are `web.error_403_title`, `…_happened`, `…_safe`, `…_next`; statuses without own texts take a neighbour's.
int status_with_texts(int status) {
    switch (status) {
    case 401:
    case 403:
    case 404:
    case 405:
    case 409:
    case 410:
    case 413:
    case 422:
    case 429:
    case 500:
    case 503:
    case 507: return status;
    case 414:
    case 431: return 413;
    default: return status >= 500 ? 500 : 400;
    }
}

std::string text_for(const Locale& locale, int status, std::string_view what) {
    return locale.text(fmt::format("web.error_{}_{}", status_with_texts(status), what));
}

} // namespace

http::Response Pages::error_page(Shell shell, const Error& error, std::uint64_t request_id) const {
    const auto& locale = Locale::of(shell.language);
    const int status = http::status_of(error);
    ErrorView view{
        .status = status,
        .title = text_for(locale, status, "title"),
        // An internal error keeps its details to the log.
        .happened =
            status != 500 && locale.has(error.key) ? locale.message(error) : text_for(locale, status, "happened"),
        .safe = text_for(locale, status, "safe"),
        .next = text_for(locale, status, "next"),
        .sign_in = !shell.signed_in && (status == 401 || status == 403),
        .try_again = status == 500 || status == 503 || status == 507 || status == 409,
        .here = shell.here.empty() ? "/" : shell.here,
        .to = percent_encode(shell.here),
        .request = fmt::format("{:x}", request_id),
    };
    shell.title = view.title;
    shell.component.clear();
    shell.private_page = true;
    auto response = page(shell, error_template, view, status);
    if (error.retry_after > 0) response.headers.set("Retry-After", std::to_string(error.retry_after));
    return response;
}

http::Response error_page(Shell shell, const Error& error, std::uint64_t request_id) {
    static const Pages pages;
    return pages.error_page(std::move(shell), error, request_id);
}

} // namespace preau::web
