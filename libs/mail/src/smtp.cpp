#include "smtp.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"
#include "mail_header.hpp"

#include <algorithm>
#include <curl/curl.h>
#include <fmt/format.h>

namespace preau::mail {
namespace {

void set_up_curl() {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    PREAU_ASSERT(ready);
}

// What was said last, by whom: whether a refusal is about the address, the message or ourselves depends on the command
// that it answers.
struct Conversation {
    bool recipient = false; // the last command was RCPT
    bool content = false;   // … or DATA, with what followed it
    bool over = false;      // libcurl takes leave after a refusal: what counts was said before
    bool whole = false; // the last line of a reply came: the next line begins another (250 to the content follows 354)
    std::string reply;

    // Never keeps what we sent: it may be a password.
    void heard_command(std::string_view command) {
        over = over || command.starts_with("QUIT");
        if (over) return;
        recipient = command.starts_with("RCPT TO:");
        content = command.starts_with("DATA\r\n");
        reply.clear();
    }
    void heard_reply(std::string_view line) {
        constexpr std::size_t longest = 400, text_at = 4;
        if (over) return;
        if (std::exchange(whole, line.size() >= text_at && line[text_at - 1] != '-')) reply.clear();
        if (reply.size() < longest) reply.append(reply.empty() ? "" : " ").append(trimmed(line));
    }
    int code() const {
        int number = 0;
        for (char digit : std::string_view{reply}.substr(0, 3)) number = number * 10 + (digit - '0');
        return reply.size() >= 3 && number >= 200 && number < 600 ? number : 0;
    }
    // RFC 3463: x.1.x and x.2.x speak of the mailbox, x.7.x of policy ("relaying denied" is our mistake, not the
    // address's). Without such a code the basic one decides.
    bool about_address() const {
        constexpr std::size_t enhanced_at = 4;
        const auto enhanced = std::string_view{reply}.substr(std::min(reply.size(), enhanced_at));
        if (enhanced.starts_with("5.1.") || enhanced.starts_with("5.2.")) return true;
        const bool has_enhanced = enhanced.size() > 3 && enhanced[1] == '.' && enhanced[0] == '5';
        return recipient && !has_enhanced && (code() == 550 || code() == 551 || code() == 553);
    }
};

int overhear(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
    auto& conversation = *static_cast<Conversation*>(user);
    if (type == CURLINFO_HEADER_OUT) conversation.heard_command({data, size});
    if (type == CURLINFO_HEADER_IN) conversation.heard_reply({data, size});
    return 0;
}

int go_on(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<std::atomic<bool>*>(user) ? 1 : 0;
}

class Lines { // curl's list of strings
public:
    Lines() = default;
    Lines(const Lines&) = delete;
    ~Lines() { curl_slist_free_all(list_); }
    void add(const std::string& line) {
        auto* longer = curl_slist_append(list_, line.c_str());
        if (!longer) throw std::bad_alloc{};
        list_ = longer;
    }
    curl_slist* get() const { return list_; }

private:
    curl_slist* list_ = nullptr;
};

struct FreeMime {
    void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using Mime = std::unique_ptr<curl_mime, FreeMime>;

std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 32);
    for (char letter : text) {
        if (letter == '\r') continue;
        if (letter == '\n') out += '\r';
        out += letter;
    }
    return out;
}

void add_part(curl_mime* mime, std::string_view text, const char* type) {
    auto* part = curl_mime_addpart(mime);
    const auto lines = with_crlf(text);
    curl_mime_data(part, lines.data(), lines.size());
    curl_mime_type(part, type);
    curl_mime_encoder(part, "quoted-printable");
}

std::string domain_of(std::string_view address) {
    const auto at = address.rfind('@');
    return std::string{at == address.npos ? "localhost" : address.substr(at + 1)};
}

void add_headers(Lines& lines, const store::Row& message, const Mailbox& from, const std::string& reply_to,
                 Millis now) {
    lines.add("Date: " + header_date(now));
    lines.add("From: " + header_mailbox(from));
    lines.add("To: " + header_mailbox({.name = message.recipient_name, .address = message.recipient}));
    if (!reply_to.empty()) lines.add("Reply-To: " + reply_to);
    lines.add("Subject: " + header_text(message.subject));
    // The same at every try, so that a reader who gets it twice is shown it once.
    lines.add(fmt::format("Message-ID: <{}@{}>", to_text(message.id), domain_of(from.address)));
    if (!message.language.empty()) lines.add("Content-Language: " + message.language);
    if (message.automatic) lines.add("Auto-Submitted: auto-generated");
    lines.add("Content-Type: multipart/alternative");
}

bool on_this_machine(std::string_view url) {
    auto host = url.substr(url.find("://") + 3);
    return host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
}

} // namespace

struct Smtp::Handle {
    CURL* curl = curl_easy_init();
    Handle() {
        if (!curl) throw std::bad_alloc{};
    }
    Handle(const Handle&) = delete;
    ~Handle() { curl_easy_cleanup(curl); }
    template <class Value> void set(CURLoption option, Value value) {
        PREAU_ASSERT(curl_easy_setopt(curl, option, value) == CURLE_OK);
    }
};

Smtp::Smtp(const Options& options) : options_{options} { set_up_curl(); }
Smtp::~Smtp() = default;

Outcome Smtp::send(const store::Row& message, Millis now) {
    std::lock_guard lock{mutex_};
    if (!handle_) handle_ = std::make_unique<Handle>();
    auto& handle = *handle_;
    curl_easy_reset(handle.curl); // keeps the connection

    const auto from = read_mailbox(options_.from);
    const auto url = fmt::format("{}/{}", options_.smtp_url, domain_of(from.address)); // the path is our name in EHLO
    const bool require_tls = options_.require_tls.value_or(!on_this_machine(options_.smtp_url));
    handle.set(CURLOPT_URL, url.c_str());
    handle.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    handle.set(CURLOPT_PROXY, ""); // not the one of the environment
    handle.set(CURLOPT_USE_SSL, static_cast<long>(require_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    if (!options_.ca_file.empty()) handle.set(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!options_.user.empty()) {
        handle.set(CURLOPT_USERNAME, options_.user.c_str());
        handle.set(CURLOPT_PASSWORD, options_.password.c_str());
    }
    handle.set(CURLOPT_CONNECTTIMEOUT, options_.connect_seconds);
    handle.set(CURLOPT_TIMEOUT, options_.total_seconds);
    handle.set(CURLOPT_NOSIGNAL, 1L);

    Conversation conversation;
    handle.set(CURLOPT_VERBOSE, 1L);
    handle.set(CURLOPT_DEBUGFUNCTION, &overhear);
    handle.set(CURLOPT_DEBUGDATA, static_cast<void*>(&conversation));
    handle.set(CURLOPT_NOPROGRESS, 0L);
    handle.set(CURLOPT_XFERINFOFUNCTION, &go_on);
    handle.set(CURLOPT_XFERINFODATA, static_cast<void*>(&stopping_));

    Lines recipients, headers;
    const auto reply_to = !message.reply_to.empty()    ? message.reply_to
                          : !options_.reply_to.empty() ? header_mailbox(read_mailbox(options_.reply_to))
                                                       : std::string{};
    recipients.add(message.recipient);
    add_headers(headers, message, from, reply_to, now);
    handle.set(CURLOPT_MAIL_FROM, from.address.c_str());
    handle.set(CURLOPT_MAIL_RCPT, recipients.get());
    handle.set(CURLOPT_HTTPHEADER, headers.get());
    const Mime mime{curl_mime_init(handle.curl)};
    add_part(mime.get(), message.body_text, "text/plain; charset=utf-8");
    if (!message.body_html.empty()) add_part(mime.get(), message.body_html, "text/html; charset=utf-8");
    handle.set(CURLOPT_MIMEPOST, mime.get());

    const auto answer = curl_easy_perform(handle.curl);
    if (answer == CURLE_OK) return {.kind = Outcome::Kind::Sent};
    const auto code = conversation.code();
    if (code < 400) return {.kind = Outcome::Kind::Later, .problem = curl_easy_strerror(answer)};
    const bool for_good = code >= 500 && (conversation.recipient || conversation.content);
    const auto kind = !for_good                      ? Outcome::Kind::Later
                      : conversation.about_address() ? Outcome::Kind::RefusedAddress
                                                     : Outcome::Kind::Refused;
    return {.kind = kind, .problem = conversation.reply};
}

} // namespace preau::mail
