#include "web/form_input.hpp"

#include <doctest/doctest.h>

namespace preau::web {
namespace {

using FolderId = Id<struct FolderTag>;
struct NewFolder {
    Text<2, 10> title;
    std::string note;
    bool shared = false;
    int days = 7;
    FolderId parent;
};
PREAU_DESCRIBE(NewFolder, title, note, shared, days, parent)

Result<NewFolder> read(std::vector<std::pair<std::string, std::string>> fields) {
    return read_form<NewFolder>(http::Form{.fields = std::move(fields)});
}

} // namespace

TEST_CASE("a form is read into its struct; what it does not name keeps its value") {
    const auto form = read(
        {{"title", "Été"}, {"note", "a\nb"}, {"shared", "on"}, {"days", "-3"}, {"parent", "15nm7"}, {"other", "x"}});
    REQUIRE(form);
    CHECK(form->title.value == "Été");
    CHECK(form->note == "a\nb");
    CHECK(form->shared);
    CHECK(form->days == -3);
    CHECK(form->parent == FolderId{1234567});

    const auto least = read({{"title", "ab"}});
    REQUIRE(least);
    CHECK_FALSE(least->shared);
    CHECK(least->days == 7);
    CHECK_FALSE(least->parent);
}

TEST_CASE("the first field that is wrong is named") {
    struct Case {
        std::vector<std::pair<std::string, std::string>> fields;
        std::string_view field, key;
    };
    const Case cases[] = {
        {{}, "title", "text_too_short"},
        {{{"title", "é"}}, "title", "text_too_short"},
        {{{"title", "ééééééééééé"}}, "title", "text_too_long"},
        {{{"title", "ok"}, {"note", "\xff"}}, "note", "text_not_utf8"},
        {{{"title", "ok"}, {"days", "7x"}}, "days", "number_malformed"},
        {{{"title", "ok"}, {"days", "99999999999"}}, "days", "number_malformed"},
        {{{"title", "ok"}, {"parent", "!"}}, "parent", "number_malformed"},
    };
    for (const auto& [fields, field, key] : cases) {
        const auto form = read(fields);
        REQUIRE_FALSE(form);
        CHECK(form.error().field == field);
        CHECK(form.error().key == key);
    }
}

} // namespace preau::web
