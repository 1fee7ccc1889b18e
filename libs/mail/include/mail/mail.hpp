// Mail: messages from templates (text and HTML), queued as jobs in the caller's transaction, sent by SMTP (libcurl).
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "jobs/jobs.hpp"
#include "web/pages.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preau::mail {

using MessageId = Id<struct MessageTag>;

struct Options {
    std::string smtp_url; // "smtp://host:25", "smtps://host:465"; empty: nothing is sent, messages wait to be looked at
    std::string user, password; // empty: no authentication
    std::optional<bool> require_tls; // STARTTLS on smtp://; nothing: unless the host is this machine
    std::string ca_file; // PEM; empty: the authorities that this machine trusts
    std::string from = "Préau <preau@localhost>";
    std::string reply_to;
    std::string public_url; // for links in messages
    long connect_seconds = 15, total_seconds = 90; // then the message is tried again later
};

struct Message {
    std::string kind; // "sharing.link": for the journal, and for whom to ask why it came
    std::string to; // address, checked by check_address
    std::string to_name;
    std::string subject; // one line
    std::string text; // complete by itself
    std::string html; // may be empty
    std::string reply_to; // address; empty: that of the options
    std::string reply_to_name;
    std::string language; // "fr", "en": Content-Language
    bool automatic = true; // Auto-Submitted (RFC 3834): no person pressed "send", so no vacation notice shall answer
};

// "camille.bernard@ac-rennes.fr": one mailbox of RFC 5321 §4.1.2, no quoted local part, at most 254 bytes, no control
// characters (an address with a line end would write headers). The domain comes back in lower case.
// Errors: mail.address on field "mail".
Result<std::string> check_address(std::string_view address);

enum class State : std::int64_t {
    Waiting = 1, // a job will send it, or tries again
    Sent = 2, // taken by the relay; its body is gone
    Bounced = 3, // refused for good
    Withheld = 4, // not sent, because an earlier one to this address bounced
    Kept = 5, // there was no SMTP server: to be looked at
    Failed = 6, // given up after many tries; a dead job that an administrator may try again
};

struct Entry { // a message as the administrator sees it
    MessageId id;
    State state = State::Waiting;
    std::string kind, recipient, recipient_name, subject;
    std::string problem; // what the server said last
    std::int64_t attempts = 0;
    Millis queued_at = 0;
    Millis settled_at = 0; // 0: not yet
};
PREAU_DESCRIBE(Entry, id, state, kind, recipient, recipient_name, subject, problem, attempts, queued_at, settled_at)
struct Body {
    std::string body_text, body_html;
};
PREAU_DESCRIBE(Body, body_text, body_html)
struct Bounce { // an address to which nothing is sent any more, until an administrator clears it
    std::string address;
    std::string problem;
    Millis at = 0;
};
PREAU_DESCRIBE(Bounce, address, problem, at)
struct Count {
    State state = State::Waiting;
    std::int64_t count = 0;
    Millis oldest = 0; // queued
};
PREAU_DESCRIBE(Count, state, count, oldest)

class Mail {
public:
    // Registers the jobs "mail.send" and "mail.tidy" (which forgets settled messages after 30 days): before
    // jobs.start().
    Mail(db::Database& db, jobs::Jobs& jobs, const Clock& clock, IdSource& ids, Options options);
    ~Mail();
    bool sends() const; // false: there is no SMTP server; the page of messages says so
    const Options& options() const;
    // In the caller's transaction; sent by a job, with retries for 4xx answers; a 5xx answer to the address is a
    // bounce, recorded for the address and not tried again. An address that bounced before gets nothing: the entry says
    // so. Errors: mail.address, and mail.line for a name or subject with control characters, which would write headers.
    Result<MessageId> send(db::Tx& tx, const Message& message);
    // A transfer that hangs ends now and is tried again later: so that a server stops in good time.
    void stop();

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

// For the administrator's pages; latest first, by key. No state: of all states.
std::vector<Entry> entries(db::Tx& tx, std::optional<State> state, MessageId before, int limit);
std::optional<Entry> find_entry(db::Tx& tx, MessageId id);
std::optional<Body> find_body(db::Tx& tx, MessageId id); // empty texts once it was sent
std::vector<Count> counts(db::Tx& tx);
std::vector<Bounce> bounces(db::Tx& tx, std::string_view after, int limit); // by address
std::optional<Bounce> find_bounce(db::Tx& tx, std::string_view address);
bool clear_bounce(db::Tx& tx, std::string_view address);

std::vector<db::Migration> migrations();

} // namespace preau::mail
