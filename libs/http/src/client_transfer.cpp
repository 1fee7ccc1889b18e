#include "client_transfer.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <netinet/in.h>
#include <sys/socket.h>

namespace preau::http {
namespace {

constexpr std::size_t longest_url = 8 * 1024;
constexpr std::size_t most_header_bytes = 64 * 1024;

bool is_one_line(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

std::optional<std::array<std::uint8_t, 16>> address_of(const sockaddr& peer) {
    std::array<std::uint8_t, 16> address{};
    if (peer.sa_family == AF_INET6) {
        std::copy_n(reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr.s6_addr, 16, address.begin());
        return address;
    }
    if (peer.sa_family != AF_INET) return std::nullopt;
    address[10] = address[11] = 0xff;
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in&>(peer).sin_addr), 4,
                address.begin() + 12);
    return address;
}

// scheme, host and no user: curl's own parser, so that what is looked at is what will be asked.
bool is_plain_web_address(const std::string& url) {
    auto* parsed = curl_url();
    if (!parsed) return false;
    bool good = url.size() <= longest_url && is_one_line(url) &&
                curl_url_set(parsed, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK;
    char* part = nullptr;
    if (good && curl_url_get(parsed, CURLUPART_SCHEME, &part, 0) == CURLUE_OK) {
        good = std::string_view{part} == "http" || std::string_view{part} == "https";
        curl_free(part);
    }
    for (auto secret : {CURLUPART_USER, CURLUPART_PASSWORD}) {
        if (!good || curl_url_get(parsed, secret, &part, 0) != CURLUE_OK) continue;
        curl_free(part);
        good = false;
    }
    curl_url_cleanup(parsed);
    return good;
}

} // namespace

void set_up_curl_once() {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (!ready) throw std::runtime_error{"libcurl does not start"};
}

Transfer::Transfer(Outgoing request, Done done)
    : request_{std::move(request)}, done_{std::move(done)}, handle_{curl_easy_init()} {}

Transfer::~Transfer() {
    curl_easy_cleanup(handle_);
    curl_slist_free_all(headers_);
}

std::optional<CURLcode> Transfer::prepare(const ClientOptions& options) {
    if (!handle_) return CURLE_FAILED_INIT;
    if (!set_url() || !set_headers()) return CURLE_URL_MALFORMAT;
    allowed_ = &options.allowed;
    set_method();
    set_limits(options);
    curl_easy_setopt(handle_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    curl_easy_setopt(handle_, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, &Transfer::take_header);
    curl_easy_setopt(handle_, CURLOPT_HEADERDATA, this);
    return std::nullopt;
}

bool Transfer::set_url() {
    return is_plain_web_address(request_.url) &&
           curl_easy_setopt(handle_, CURLOPT_URL, request_.url.c_str()) == CURLE_OK;
}

bool Transfer::set_headers() {
    for (const auto& [name, value] : request_.headers.all()) {
        if (name.contains(':')) return false; // Headers keeps each to one line
        auto line = name;
        line += value.empty() ? ";" : ": "; // curl's way to send a header without a value
        auto* longer = curl_slist_append(headers_, (line + value).c_str());
        if (!longer) return false;
        headers_ = longer;
    }
    if (auto* longer = curl_slist_append(headers_, "Expect:")) headers_ = longer; // no wait of a second for a 100
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers_);
    return true;
}

void Transfer::set_method() {
    const auto size = static_cast<curl_off_t>(request_.body.size());
    auto with_body = [&](const char* name) {
        curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, size);
        curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, request_.body.c_str()); // not copied: it is ours until the end
        curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, name);
    };
    switch (request_.method) {
    case Method::Head: curl_easy_setopt(handle_, CURLOPT_NOBODY, 1L); break;
    case Method::Post: with_body("POST"); break;
    case Method::Put: with_body("PUT"); break;
    case Method::Patch: with_body("PATCH"); break;
    case Method::Delete: curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, "DELETE"); break;
    default: curl_easy_setopt(handle_, CURLOPT_HTTPGET, 1L); break;
    }
    const bool repeatable = request_.method == Method::Get || request_.method == Method::Head;
    curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, repeatable && request_.redirects > 0 ? 1L : 0L);
    curl_easy_setopt(handle_, CURLOPT_MAXREDIRS, static_cast<long>(request_.redirects));
}

void Transfer::set_limits(const ClientOptions& options) {
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle_, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle_, CURLOPT_PROXY, ""); // not the one of whoever started the server: it would connect for us
    curl_easy_setopt(handle_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.deadline.count()));
    curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::min<std::int64_t>(request_.deadline.count(), 10'000)));
    curl_easy_setopt(handle_, CURLOPT_USERAGENT, options.user_agent.c_str());
    if (!options.trusted_certificates.empty())
        curl_easy_setopt(handle_, CURLOPT_CAINFO, options.trusted_certificates.c_str());
}

// Behind the name's resolution and before each connection, those of redirects included.
curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* peer) {
    auto& transfer = *static_cast<Transfer*>(self);
    const auto address = address_of(peer->addr);
    const bool good =
        address && (is_public_address(*address) || std::ranges::any_of(*transfer.allowed_, [&](const auto& range) {
                        return range.contains(*address);
                    }));
    transfer.address_refused_ = !good;
    if (!good) return CURL_SOCKET_BAD;
    return ::socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
}

std::size_t Transfer::take_body(char* bytes, std::size_t one, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    const auto size = one * count;
    transfer.too_large_ = transfer.answer_.body.size() + size > transfer.request_.most;
    if (transfer.too_large_) return 0; // ends it
    transfer.answer_.body.append(bytes, size);
    return size;
}

std::size_t Transfer::take_header(char* bytes, std::size_t one, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    const std::string_view line{bytes, one * count};
    if (line.starts_with("HTTP/")) { // the next answer, after a redirect
        transfer.answer_.headers = {};
        transfer.answer_.body.clear();
    }
    std::size_t held = line.size();
    for (const auto& [name, value] : transfer.answer_.headers.all()) held += name.size() + value.size();
    transfer.too_large_ = held > most_header_bytes;
    if (transfer.too_large_) return 0;
    if (auto colon = line.find(':'); colon != std::string_view::npos)
        transfer.answer_.headers.add(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    return line.size();
}

Error Transfer::error_of(CURLcode code) const {
    using Kind = Error::Kind;
    if (address_refused_) return {.kind = Kind::Forbidden, .key = "client.address_refused", .field = "url"};
    if (too_large_) return {.kind = Kind::TooLarge, .key = "client.too_large", .field = "url"};
    switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return {.kind = Kind::Invalid, .key = "client.url", .field = "url"};
    case CURLE_OPERATION_TIMEDOUT: return {.kind = Kind::Unavailable, .key = "client.too_slow", .field = "url"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR: return {.kind = Kind::Unavailable, .key = "client.certificate", .field = "url"};
    default: return {.kind = Kind::Unavailable, .key = "client.unreachable", .field = "url"};
    }
}

void Transfer::settle(CURLcode code) {
    if (code != CURLE_OK) return refuse(error_of(code));
    long status = 0;
    char* last = nullptr;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle_, CURLINFO_EFFECTIVE_URL, &last);
    answer_.status = static_cast<int>(status);
    answer_.url = last ? last : request_.url;
    done_(std::move(answer_));
}

void Transfer::refuse(Error error) { done_(std::unexpected(std::move(error))); }

} // namespace preau::http
