// Mail: messages from templates (text and HTML), queued as jobs in the caller's transaction, sent by SMTP (libcurl).
#pragma once

#include "jobs/jobs.hpp"
#include "web/pages.hpp"

#include <memory>
#include <string>

namespace preau::mail {

struct Options {
    std::string smtp_url; // "smtp://host:25", "smtps://host:465"; empty: nothing is sent, messages wait to be looked at
    std::string user, password; // empty: no authentication
    bool require_tls = true;    // STARTTLS on smtp:// unless the host is this machine
    std::string from = "Préau <preau@localhost>";
    std::string reply_to;
    std::string public_url; // for links in messages and List-Unsubscribe
};

struct Message {
    std::string kind; // "sharing.link": for the journal, and for whom to ask why it came
    std::string to;   // address, checked by check_address
    std::string to_name;
    std::string subject; // one line
    std::string text;    // complete by itself
    std::string html;    // may be empty
    std::string reply_to;
};

// "camille.bernard@ac-rennes.fr": one mailbox of RFC 5321 §4.1.2, no quoted local part, at most 254 bytes, no control
// characters (an address with a line end would write headers). Errors: mail.address on field "mail".
Result<std::string> check_address(std::string_view address);

class Mail {
public:
    Mail(db::Database& db, jobs::Jobs& jobs, const Clock& clock, IdSource& ids, Random& random, Options options);
    ~Mail();
    bool sends() const; // false: there is no SMTP server; the page of waiting messages says so
    // In the caller's transaction; sent by a job, with retries for 4xx answers; a 5xx answer is a bounce, recorded for
    // the address and not tried again.
    void send(db::Tx& tx, const Message& message);
};

std::vector<db::Migration> migrations();

} // namespace preau::mail
