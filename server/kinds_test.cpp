// Every kind of the whole server, as its registry has it: a list, a queue or a purge that meets one finds what it
// needs.
#include "files/files.hpp"
#include "sharing/kinds.hpp"
#include "web/locale.hpp"

#include <doctest/doctest.h>

using namespace preau;

TEST_CASE("every kind has a page, an icon, a word in both languages and an eraser") {
    sharing::Kinds kinds;
    sharing::add_own_kinds(kinds);
    files::add_kinds(kinds);
    const auto names = kinds.names();
    CHECK(names == std::vector<std::string>{"file", "folder", "handin", "poll", "shortcut", "space", "team", "trash"});
    for (const auto& name : names) {
        const auto& kind = kinds.of(name);
        CHECK_MESSAGE(!kind.app.empty(), name);
        CHECK_MESSAGE(!kind.icon_of("x").empty(), name);
        CHECK_MESSAGE(kinds.address(name, ItemId{1}).starts_with('/'), name);
        for (auto language : {web::Language::French, web::Language::English})
            CHECK_MESSAGE(web::Locale::of(language).has(kind.words), name);
        // Without one the purge of the trash would leave rows of its app behind.
        CHECK_MESSAGE(static_cast<bool>(kind.erase), name);
    }
}
