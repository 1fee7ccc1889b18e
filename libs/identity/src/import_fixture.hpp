// For tests: lists imported into a fresh database, and what stands there afterwards.
#pragma once

#include "identity_fixture.hpp"

#include "identity/directory.hpp"
#include "identity/import.hpp"
#include "identity/structure_detail.hpp"

#include <algorithm>

namespace preau::identity {

struct ImportFixture : IdentityFixture {
    using IdentityFixture::IdentityFixture;

    ImportReport plan(const ImportFiles& files, const ImportOptions& options = {}) {
        auto planned = db.read_now([&](db::Tx& tx) -> Result<ImportReport> {
            auto made = plan_import(tx, files, options);
            if (!made) return std::unexpected(made.error());
            return made->report();
        });
        REQUIRE(planned);
        return *planned;
    }
    Result<ImportReport> carry_out(const ImportFiles& files, const ImportOptions& options = {}) {
        clock.advance(1'000); // no two imports in one moment: functions are known by when they began
        // A plan is not copied: it is handed out of the closure that made it.
        auto made = std::make_shared<std::optional<ImportPlan>>();
        db.read_now([&](db::Tx& tx) {
            auto planned = plan_import(tx, files, options);
            REQUIRE(planned);
            made->emplace(std::move(*planned));
        });
        auto report = sync_wait(carry_out_import(db, clock, ids, std::move(**made)));
        identity.forget_all();
        return report;
    }
    ImportReport bring(const ImportFiles& files, const ImportOptions& options = {}) {
        auto report = carry_out(files, options);
        REQUIRE(report);
        return *report;
    }
    // "Anne Petit": where and as what, "Collège A:teacher,…"; "closed" for an account that is.
    std::string functions_of(std::string_view login) {
        return db.read_now([&](db::Tx& tx) -> std::string {
            auto person = find_person_by_login(tx, login);
            if (!person) return "none";
            if (person->disabled) return "closed";
            auto viewer = find_viewer(tx, person->id);
            std::vector<std::string> names;
            for (const auto& subject : viewer->subjects)
                if (subject.kind == Subject::Kind::Structure && works_in(tx, person->id, StructureId{subject.id}))
                    names.push_back(find_structure(tx, StructureId{subject.id})->name);
            std::ranges::sort(names);
            std::string text;
            for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
            return text;
        });
    }
    StructureId structure(std::string_view uai) {
        return db.read_now([&](db::Tx& tx) {
            auto found = search_structures(tx, uai, {StructureId{}}, {}, 1);
            return found.rows.empty() ? StructureId{} : found.rows.front().id;
        });
    }
    std::vector<std::string> pupils(GroupId group) {
        return db.read_now([&](db::Tx& tx) {
            std::vector<std::string> names;
            for (const auto& pupil : pupils_of(tx, group)) names.push_back(pupil.name);
            return names;
        });
    }
    std::vector<Group> groups(std::string_view login) {
        return db.read_now([&](db::Tx& tx) { return groups_of(tx, find_person_by_login(tx, login)->id); });
    }
};

template <class Body> void with_imports(Body body) {
    db::on_each_engine(migrations(), [&](db::Database& db) {
        ImportFixture fixture{db};
        body(fixture);
    });
}

inline constexpr std::string_view school_list = "key;parent;kind;name;uai\n"
                                                "ac;;academy;Académie de Lille;\n"
                                                "a;ac;school;Collège A;0590001A\n"
                                                "b;ac;school;Lycée B;0590002B\n";
inline constexpr std::string_view people_list = "key;name;mail;functions\n"
                                                "p1;Anne Petit;anne@ac.fr;0590001A:teacher|0590002B:trainer\n"
                                                "p2;Béa Roux;bea@ac.fr;a:head\n"
                                                "p3;Anne Petit;;0590002B:teacher\n";
inline constexpr std::string_view class_list = "key;structure;name;year;teachers;pupils\n"
                                               "6a;0590001A;6e A;2026-2027;p1|p2;Lina Lemaire|e2:Adam Aubert\n";

inline ImportFiles whole_school() {
    return {
        .structures = std::string{school_list}, .people = std::string{people_list}, .classes = std::string{class_list}};
}

} // namespace preau::identity
