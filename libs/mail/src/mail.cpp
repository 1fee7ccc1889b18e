#include "mail/mail.hpp"

#include "base/assert.hpp"
#include "base/embedded.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "mail_header.hpp"
#include "mail_store.hpp"
#include "smtp.hpp"

#include <algorithm>

namespace preau::embedded {
std::span<const EmbeddedFile> mail_migrations();
}

namespace preau::mail {
namespace {

constexpr std::string_view send_job = "mail.send";
constexpr std::string_view tidy_job = "mail.tidy";
constexpr Millis kept_for = 30_days;
// One connection at a time and never more than one of the threads that run jobs, whatever a relay does. The pauses add
// up to a day.
constexpr jobs::Policy send_policy{.attempts = 16, .first_retry = 5'000, .at_once = 1};

} // namespace

struct Mail::Inner {
    Inner(db::Database& database, jobs::Jobs& queue, const Clock& time, IdSource& source, Options chosen)
        : db{database}, jobs{queue}, clock{time}, ids{source}, options{std::move(chosen)}, smtp{options} {}

    db::Database& db;
    jobs::Jobs& jobs;
    const Clock& clock;
    IdSource& ids;
    const Options options;
    Smtp smtp;

    // Never suspend: the thread of the job is the one that may wait for a relay.
    Task<void> run_send(jobs::Job job) {
        deliver(parse_id<MessageId>(job.payload).value_or(MessageId{}), job.attempt >= send_policy.attempts);
        co_return;
    }
    Task<void> run_tidy() {
        tidy();
        co_return;
    }
    void deliver(MessageId id, bool last_try);
    void settle(const store::Row& message, const Outcome& outcome, bool last_try);
    void tidy();
};

void Mail::Inner::deliver(MessageId id, bool last_try) {
    struct Found {
        std::optional<store::Row> message;
        std::optional<Bounce> bounce;
    };
    auto found = db.read_now([id](db::Tx& tx) {
        Found read{.message = store::find(tx, id)};
        if (read.message) read.bounce = find_bounce(tx, read.message->recipient);
        return read;
    });
    // Forgotten meanwhile, or sent by a process that died before its job was settled.
    if (!found.message || (found.message->state != State::Waiting && found.message->state != State::Failed)) return;
    if (found.bounce) {
        db.write_now([id, problem = found.bounce->problem, now = clock.now()](db::Tx& tx) {
            store::settle(tx, id, State::Withheld, problem, now);
        });
        return;
    }
    auto outcome = smtp.send(*found.message, clock.now());
    settle(*found.message, outcome, last_try);
    if (outcome.kind == Outcome::Kind::Later) throw std::runtime_error{outcome.problem};
}

void Mail::Inner::settle(const store::Row& message, const Outcome& outcome, bool last_try) {
    using Kind = Outcome::Kind;
    const auto now = clock.now();
    const bool later = outcome.kind == Kind::Later;
    const auto state = outcome.kind == Kind::Sent ? State::Sent
                       : !later                   ? State::Bounced
                       : last_try                 ? State::Failed
                                                  : State::Waiting;
    if (state == State::Bounced) log::warn("mail refused: id={} kind={}", to_text(message.id), message.kind);
    db.write_now([id = message.id, address = to_lower_ascii(message.recipient), outcome, state, now](db::Tx& tx) {
        store::settle(tx, id, state, outcome.problem, state == State::Waiting ? 0 : now);
        if (outcome.kind == Kind::RefusedAddress)
            store::put_bounce(tx, {.address = address, .problem = outcome.problem, .at = now});
    });
}

void Mail::Inner::tidy() {
    // In short writes between those of people.
    while (db.write_now([before = clock.now() - kept_for](db::Tx& tx) { return store::delete_older(tx, before); }) >
           0) {
    }
}

Mail::Mail(db::Database& db, jobs::Jobs& jobs, const Clock& clock, IdSource& ids, Options options)
    : inner_{std::make_unique<Inner>(db, jobs, clock, ids, std::move(options))} {
    jobs.handle(
        std::string{send_job}, [inner = inner_.get()](jobs::Job job) { return inner->run_send(std::move(job)); },
        send_policy);
    jobs.handle(std::string{tidy_job}, [inner = inner_.get()](jobs::Job) { return inner->run_tidy(); });
    jobs.every(1_days, std::string{tidy_job});
}

Mail::~Mail() = default;

bool Mail::sends() const { return !inner_->options.smtp_url.empty(); }
const Options& Mail::options() const { return inner_->options; }
void Mail::stop() { inner_->smtp.stop(); }

Result<MessageId> Mail::send(db::Tx& tx, const Message& message) {
    for (const auto& line : {message.to_name, message.subject, message.reply_to_name})
        if (!valid_utf8(line) || !one_line(line)) return invalid("subject", "mail.line");
    store::Row row{.id = inner_->ids.next_as<MessageId>(),
                   .state = sends() ? State::Waiting : State::Kept,
                   .kind = message.kind,
                   .recipient = TRY(check_address(message.to)),
                   .recipient_name = message.to_name,
                   .subject = message.subject,
                   .body_text = message.text,
                   .body_html = message.html,
                   .language = message.language,
                   .automatic = message.automatic,
                   .queued_at = inner_->clock.now()};
    if (!message.reply_to.empty())
        row.reply_to = header_mailbox({.name = message.reply_to_name, .address = TRY(check_address(message.reply_to))});
    if (auto bounce = find_bounce(tx, row.recipient)) {
        row.state = State::Withheld;
        row.body_text.clear();
        row.body_html.clear();
        store::insert(tx, row, bounce->problem, row.queued_at);
        return row.id;
    }
    store::insert(tx, row, {}, 0);
    if (sends()) inner_->jobs.enqueue(tx, {.kind = std::string{send_job}, .payload = to_text(row.id)});
    return row.id;
}

std::vector<db::Migration> migrations() {
    std::vector<db::Migration> list;
    for (const auto& file : embedded::mail_migrations())
        list.push_back({.name = "mail/" + std::string{file.name}, .sql = std::string{file.data}});
    std::ranges::sort(list, {}, &db::Migration::name);
    return list;
}

} // namespace preau::mail
