// Templates come from operators' themes too: a bad one is an error with a line, whatever it says.
#include "web/template.hpp"

#include "fuzz_input.hpp"

#include <optional>
#include <vector>

namespace preau::web {
namespace {

struct Person {
    std::string name;
    std::optional<std::string> nickname;
};
PREAU_DESCRIBE(Person, name, nickname)

struct View {
    std::string title = "<Volcans> & \"co\"";
    Html markup{.text = "<b>bold</b>"};
    int count = 3;
    bool open = true;
    std::vector<std::string> words{"a", "<b>"};
    std::vector<Person> people{{.name = "Ada", .nickname = "A"}, {.name = "Bo", .nickname = {}}};
    Person author{.name = "Eve", .nickname = {}};
};
PREAU_DESCRIBE(View, title, markup, count, open, words, people, author)

std::string translate(std::string_view key) {
    if (key == "unknown") throw TemplateError{"no such key"};
    return key == "greeting" ? "Bonjour {title}, <{author.name}>" : std::string{key};
}

} // namespace
} // namespace preau::web

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preau;
    const auto page = fuzz::text_of(data, size);
    const web::TemplateSource source = [page](std::string_view name) -> std::optional<std::string> {
        if (name == "page") return std::string{page}; // may include itself
        if (name == "person") return "({{name}}{{#nickname}} {{.}}{{/nickname}})";
        return std::nullopt;
    };
    const web::TemplateAssets assets{.address = [](std::string_view name) { return "/assets/" + std::string{name}; },
                                     .check_icon = [](std::string_view) {}};
    try {
        const auto compiled = web::compile("page", web::view_type<web::View>(), source, web::translate, assets);
        const web::View view;
        std::string once;
        web::render(*compiled, &view, once);
        std::string twice;
        web::render(*compiled, &view, twice);
        PREAU_ASSERT(once == twice);
    } catch (const web::TemplateError& error) {
        PREAU_ASSERT(std::string_view{error.what()}.size() > 0);
    }
    return 0;
}
