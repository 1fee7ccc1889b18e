// What the administrator sees and does, and that nobody else does.
#include "portal/admin/admin.hpp"

#include "base/text.hpp"
#include "fixtures/school.hpp"
#include "sharing/audit.hpp"
#include "sharing/link.hpp"
#include "web/page_check.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace preau::portal {
namespace {

using fixtures::School;

Task<void> fail_always(jobs::Job) {
    throw std::runtime_error{"the <printer> is on fire"};
    co_return;
}

// What this machine can preview, as the tests wish it.
std::vector<preview::Ability> abilities;

void install(School& school) {
    school.keep(std::make_unique<sharing::Audit>(school.db, school.world, sharing::AuditOptions{}));
    school.jobs.handle("print.sheet", fail_always, {.attempts = 1});
    auto& portal = school.keep(std::make_unique<Portal>(
        school.db, school.world, school.identity, school.pages, school.kinds, *school.gate, school.addresses.public_url,
        [] { return std::string{}; }, school.mail, [] { return abilities; }));
    preload(school.pages);
    routes(school.router, portal);
}
const fixtures::App app{.migrations = migrations, .install = install};

std::vector<std::string> pages() {
    return {"/admin", "/admin/jobs", "/admin/mail", "/admin/mail/bounces", "/admin/audit"};
}

void bury(School& school, int count) {
    school.db.write_now([&](db::Tx& tx) {
        for (int i = 0; i < count; ++i) school.jobs.enqueue(tx, {.kind = "print.sheet", .payload = "{}"});
    });
    school.jobs.run_due();
}

std::size_t dead(School& school) {
    return school.db.read_now([](db::Tx& tx) { return jobs::Jobs::dead(tx, {}, 1000).size(); });
}

mail::MessageId queue(School& school, std::string to) {
    return *school.db.write_now([&](db::Tx& tx) {
        return school.mail.send(tx, {.kind = "sharing.link",
                                     .to = to,
                                     .to_name = "Anne <Rey>",
                                     .subject = "Un lien & un <titre>",
                                     .text = "https://preau.test/s/SECRET",
                                     .html = "<p>https://preau.test/s/SECRET <script>alert(1)</script></p>"});
    });
}

} // namespace

TEST_CASE("the administrator's pages are for administrators") {
    fixtures::at_school(app, [](School& school) {
        for (const auto& page : pages()) {
            CAPTURE(page);
            auto shown = school.as(school.administrator).get(page);
            CHECK(shown.status == 200);
            CHECK(web::page_problems(shown.body).empty());
            CHECK(school.as(school.administrator).with_header("Accept-Language", "en").get(page).status == 200);
            CHECK(school.as(school.teacher).get(page).status == 403);
            CHECK(school.as_stranger().get(page).status == 303);
        }
        CHECK(school.as(school.administrator).get("/").body.contains("href=\"/admin\""));
        CHECK_FALSE(school.as(school.teacher).get("/").body.contains("href=\"/admin\""));
    });
}

TEST_CASE("the administrator reads which previews are off, and why; nobody is told that they work when they do not") {
    fixtures::at_small_school(app, [](School& school) {
        auto admin = school.as(school.administrator);
        abilities = {{"pictures", ""}, {"PDF", ""}};
        auto well = admin.get("/admin").body;
        CHECK(well.contains("Images, PDF et documents ont des aperçus."));
        CHECK_FALSE(well.contains("sans aperçu"));
        abilities = {{"pictures", ""}, {"PDF", "Landlock: this <kernel> has none"}, {"office documents", "no soffice"}};
        auto page = admin.get("/admin").body;
        CHECK(page.contains("Landlock: this &lt;kernel&gt; has none"));
        CHECK(page.contains("Documents texte"));
        CHECK(page.contains("Les fichiers restent servis"));
        CHECK_FALSE(page.contains("ont des aperçus"));
        CHECK(web::page_problems(page).empty());
        // Each kind that previews knows has a name here, in both languages.
        abilities.clear();
        for (const auto* what : {"pictures", "PDF", "office documents", "spreadsheets", "presentations", "text"})
            abilities.push_back({what, "off"});
        CHECK(admin.get("/admin").status == 200);
        CHECK(school.as(school.administrator)
                  .with_header("Accept-Language", "en")
                  .get("/admin")
                  .body.contains("Spreadsheets"));
        abilities.clear();
    });
}

TEST_CASE("jobs that failed are seen, tried again and given up, and the journal says by whom") {
    fixtures::at_school(app, [](School& school) {
        auto admin = school.as(school.administrator);
        CHECK(admin.get("/admin/jobs").body.contains("Aucune tâche n’a échoué"));
        bury(school, 3);
        auto page = admin.get("/admin/jobs").body;
        CHECK(page.contains("the &lt;printer&gt; is on fire"));
        CHECK(page.contains("print.sheet"));
        CHECK(admin.get("/admin").body.contains("3 tâches ont échoué"));
        auto one = to_text(school.db.read_now([](db::Tx& tx) { return jobs::Jobs::dead(tx, {}, 1)[0].id; }));
        CHECK(school.as(school.teacher).post("/admin/jobs", {{"do", "drop"}, {"job", one}}).status == 403);
        CHECK(dead(school) == 3);
        CHECK(admin.post("/admin/jobs", {{"do", "explode"}, {"job", one}}).status == 422);
        CHECK(admin.post("/admin/jobs", {{"do", "drop"}}).status == 422);
        CHECK(dead(school) == 3);
        school.events();
        CHECK(admin.post("/admin/jobs", {{"do", "drop"}, {"job", one}}).status == 303);
        CHECK(admin.follow().body.contains("1 tâche est abandonnée"));
        CHECK(dead(school) == 2);
        CHECK(admin.post("/admin/jobs", {{"do", "retry"}, {"kind", "print.sheet"}}).status == 303);
        CHECK(admin.follow().body.contains("2 tâches sont relancées"));
        CHECK(dead(school) == 0);
        school.jobs.run_due();
        CHECK(dead(school) == 2); // they failed again
        CHECK(school.events() == std::vector<std::string>{"admin.jobs_dropped", "admin.jobs_retried"});
        auto journal = admin.get("/admin/audit").body;
        CHECK(journal.contains("Tâches relancées"));
        CHECK(journal.contains("Farid Benali"));
    });
}

TEST_CASE("who came in, who was refused and who left stands in the journal, and nothing of what was typed") {
    fixtures::at_school(app, [](School& school) {
        const std::string right{School::password};
        const auto try_door = [&](std::string login, std::string password) {
            auto visitor = school.as_stranger();
            auto answer = visitor.post("/signin", {{"login", std::move(login)}, {"password", std::move(password)}});
            return std::pair{answer.status, visitor};
        };
        school.events();
        CHECK(try_door("teacher", "wrong-horse-battery").first == 401);
        CHECK(school.events() == std::vector<std::string>{"session.refused"});
        CHECK(try_door("nobody-of-ours", "wrong-horse-battery").first == 401);
        CHECK(school.events() == std::vector<std::string>{"session.refused"}); // the same, whoever was meant
        auto [status, teacher] = try_door("teacher", right);
        CHECK(status == 303);
        CHECK(school.events() == std::vector<std::string>{"session.opened"});
        CHECK(teacher.post("/signout").status == 303);
        CHECK(school.events() == std::vector<std::string>{"session.closed"});
        CHECK(teacher.post("/signout").status == 303); // nobody any more
        CHECK(school.events().empty());
        auto once = school.db.write_now([&](db::Tx& tx) {
            return identity::make_one_time_link(tx, school.ids, school.random, school.teacher, school.clock.now());
        });
        CHECK(school.as_stranger().post("/signin/once/" + once).status == 303);
        CHECK(school.as_stranger().post("/signin/once/" + once).status == 410);
        CHECK(school.events() == std::vector<std::string>{"session.opened_once", "session.refused"});

        school.jobs.run_due();
        auto admin = school.as(school.administrator);
        auto journal = admin.get("/admin/audit").body;
        for (const auto* words : {"Connexion refusée", "Quelqu’un, à la porte", "Connexion par un lien à usage unique",
                                  "Déconnexion", "Camille Bernard"})
            CHECK_MESSAGE(journal.contains(words), words);
        for (const std::string& secret :
             {std::string{"wrong-horse-battery"}, right, once, std::string{"nobody-of-ours"}})
            CHECK_FALSE(journal.contains(secret));
        school.db.read_now([&](db::Tx& tx) {
            int about_somebody = 0;
            for (const auto& entry : sharing::audit_entries(tx, {}, 100)) {
                if (entry.kind != "session.refused") continue;
                about_somebody += entry.about ? 1 : 0;
                CHECK_FALSE(entry.actor);
                for (const auto* typed : {"wrong", "nobody", "teacher"}) CHECK_FALSE(entry.detail.contains(typed));
            }
            CHECK(about_somebody == 1);
        });
    });
}

TEST_CASE("whoever floods the door does not fill the journal") {
    fixtures::at_small_school(app, [](School& school) {
        school.events();
        std::size_t looked_at = 0;
        auto visitor = school.as_stranger();
        for (int i = 0; i < 60; ++i)
            looked_at += visitor.post("/signin", {{"login", "teacher"}, {"password", "wrong"}}).status == 401 ? 1 : 0;
        CHECK(looked_at > 0);
        CHECK(looked_at < 60);
        CHECK(school.events().size() == looked_at);
    });
}

TEST_CASE("many dead jobs come a page at a time") {
    fixtures::at_small_school(app, [](School& school) {
        bury(school, 60);
        auto admin = school.as(school.administrator);
        auto page = admin.get("/admin/jobs").body;
        const auto at = page.find("/admin/jobs?before=");
        REQUIRE(at != page.npos);
        auto next = admin.get(page.substr(at, page.find('"', at) - at)).body;
        CHECK_FALSE(next.contains("href=\"/admin/jobs?before="));
        CHECK(next.contains("is on fire"));
    });
}

TEST_CASE("where nothing is sent, a message can be read in a frame that can do nothing") {
    fixtures::at_school(app, [](School& school) {
        auto id = to_text(queue(school, "anne@example.org"));
        auto admin = school.as(school.administrator);
        auto list = admin.get("/admin/mail").body;
        CHECK(list.contains("Un lien &amp; un &lt;titre&gt;"));
        CHECK(list.contains("Anne &lt;Rey&gt; &lt;anne@example.org&gt;"));
        CHECK_FALSE(list.contains("SECRET"));
        auto page = admin.get("/admin/mail/" + id).body;
        CHECK(page.contains("https://preau.test/s/SECRET"));
        CHECK(page.contains("<iframe class=\"letter\" sandbox"));
        CHECK_FALSE(page.contains("<script>alert"));
        auto html = admin.get("/admin/mail/" + id + "/html");
        CHECK(html.status == 200);
        CHECK(html.body.contains("<script>"));
        const auto policy = html.headers.find("content-security-policy");
        CHECK(policy.contains("sandbox"));
        CHECK(policy.contains("default-src 'none'"));
        CHECK_FALSE(policy.contains("allow-scripts"));
        CHECK(school.as(school.teacher).get("/admin/mail/" + id + "/html").status == 403);
        CHECK(admin.get("/admin/mail/zzzz").status == 404);
        CHECK(admin.get("/admin/mail/zzzz/html").status == 404);
    });
}

TEST_CASE("where mail is sent, its content is its reader's alone") {
    fixtures::at_school(app, [](School& school) {
        // The same installation, with a relay: a second portal on other addresses would be another program.
        jobs::Jobs jobs{school.db, school.clock, school.ids};
        mail::Mail sending{school.db, jobs, school.clock, school.ids, {.smtp_url = "smtp://127.0.0.1:1"}};
        Portal portal{school.db,
                      school.world,
                      school.identity,
                      school.pages,
                      school.kinds,
                      *school.gate,
                      school.addresses.public_url,
                      [] { return std::string{}; },
                      sending};
        auto kept = to_text(queue(school, "anne@example.org")); // from before there was a relay
        auto waiting = to_text(*school.db.write_now([&](db::Tx& tx) {
            return sending.send(tx,
                                {.kind = "sharing.link", .to = "zoe@example.org", .subject = "S", .text = "SECRET"});
        }));
        http::Router router;
        routes(router, portal);
        std::swap(school.router, router);
        auto admin = school.as(school.administrator);
        for (const auto& id : {kept, waiting}) {
            auto page = admin.get("/admin/mail/" + id);
            CHECK(page.status == 200);
            CHECK_FALSE(page.body.contains("SECRET"));
            CHECK(page.body.contains("pour son destinataire seul"));
            CHECK(admin.get("/admin/mail/" + id + "/html").status == 404);
        }
        CHECK(admin.get("/admin/mail").body.contains("smtp://127.0.0.1:1"));
        CHECK(admin.get("/admin/mail?state=waiting").body.contains("zoe@example.org"));
        CHECK_FALSE(admin.get("/admin/mail?state=waiting").body.contains("anne@example.org"));
        std::swap(school.router, router);
    });
}

TEST_CASE("the trial message goes to whoever asks for it") {
    fixtures::at_school(app, [](School& school) {
        auto admin = school.as(school.administrator);
        CHECK(admin.post("/admin/mail/trial").status == 303);
        CHECK(admin.follow().body.contains("Message d’essai de Préau"));
        auto all = school.db.read_now([](db::Tx& tx) { return mail::entries(tx, {}, {}, 10); });
        REQUIRE(all.size() == 1);
        CHECK(all[0].recipient_name == "Farid Benali");
        CHECK(school.as(school.teacher).post("/admin/mail/trial").status == 403);
    });
}

TEST_CASE("the journal is filtered by person, document, kind and day") {
    fixtures::at_school(app, [](School& school) {
        auto item = school.change([&](db::Tx& tx) {
            auto teacher = *identity::find_viewer(tx, school.teacher);
            auto made = sharing::create_item(tx, school.world, teacher,
                                             {.parent = school.space, .kind = "folder", .title = "Confidentiel"});
            sharing::set_grant(tx, school.world, teacher,
                               {.item = made->id,
                                .subject = school.colleague.value,
                                .role = Role::Edit,
                                .until = school.clock.now() + 2_days});
            return made->id;
        });
        school.clock.advance(1_days); // Tuesday 8 September
        school.change([&](db::Tx& tx) {
            return sharing::trash_item(tx, school.world, *identity::find_viewer(tx, school.teacher), item);
        });
        school.jobs.run_due();
        auto admin = school.as(school.administrator);
        auto all = admin.get("/admin/audit").body;
        CHECK(all.contains("Droit donné"));
        CHECK(all.contains("Nadia Haddad, peut modifier, jusqu’au"));
        CHECK(all.contains("Document mis à la corbeille"));
        CHECK_FALSE(all.contains("Confidentiel")); // administers all, sees no content
        auto rows = [&](std::string filter) { return admin.get("/admin/audit?" + filter).body; };
        auto shows = [](const std::string& page, std::string_view what) {
            return page.contains("<strong>" + std::string{what}); // a row, not an entry of the list of kinds
        };
        CHECK(shows(rows("person=colleague&kind=item.granted"), "Droit donné"));
        CHECK_FALSE(shows(rows("person=colleague"), "Document mis à la corbeille"));
        CHECK(shows(rows("item=/files/" + to_text(item)), "Document mis à la corbeille"));
        CHECK_FALSE(shows(rows("item=zzz1&kind=item.granted"), "Droit donné"));
        CHECK(shows(rows("from=2026-09-08"), "Document mis à la corbeille"));
        CHECK_FALSE(shows(rows("from=2026-09-08&kind=item.granted"), "Droit donné"));
        CHECK(shows(rows("until=2026-09-07&kind=item.granted"), "Droit donné"));
        CHECK_FALSE(shows(rows("until=2026-09-07"), "Document mis à la corbeille"));
        CHECK(rows("person=nobody").contains("Personne n’a cet identifiant"));
        CHECK(rows("person=%3Cx%3E&item=%3C&kind=zz&from=x&until=-&before=-1").contains("Journal"));
        auto table = admin.post("/admin/audit/export?person=colleague&kind=item.granted");
        CHECK(table.status == 200);
        CHECK(table.headers.find("content-type").starts_with("text/csv"));
        CHECK(table.body.starts_with("number,milliseconds,when,"));
        CHECK(table.body.contains("\"Droit donné\",\"Camille Bernard\",\"Nadia Haddad, peut modifier"));
        CHECK_FALSE(table.body.contains("Confidentiel"));
        CHECK_FALSE(table.body.contains("corbeille"));
        CHECK(school.as(school.teacher).post("/admin/audit/export").status == 403);
        CHECK(admin.post("/admin/audit/export?person=nobody").body.ends_with("item\r\n")); // its head alone
        school.change([&](db::Tx& tx) {
            sharing::audit_forget(tx, school.colleague);
            return 0;
        });
        CHECK(admin.get("/admin/audit").body.contains("Personne effacée, peut modifier"));
        CHECK_FALSE(admin.get("/admin/audit").body.contains("Nadia Haddad"));
    });
}

} // namespace preau::portal
