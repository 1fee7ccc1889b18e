// A report in words.
#include "portal/import/import_pages.hpp"

#include <algorithm>

namespace preau::portal {
namespace {

using State = identity::ImportRun::State;

std::vector<ImportCountLine> counts_of(const web::Locale& locale, const identity::ImportReport& report) {
    std::vector<ImportCountLine> lines;
    for (auto [word, count] : {std::pair{"structure", report.structures}, std::pair{"person", report.people},
                               std::pair{"class", report.classes}}) {
        if (count.begins + count.changes + count.ends + count.unchanged + count.refused == 0) continue;
        lines.push_back({.kind = locale.text(std::string{"import.kind_"} + word),
                         .begins = locale.number(count.begins),
                         .changes = locale.number(count.changes),
                         .ends = locale.number(count.ends),
                         .unchanged = locale.number(count.unchanged),
                         .refused = locale.number(count.refused)});
    }
    return lines;
}

std::string value_in(const web::Locale& locale, const std::string& field, const std::string& value) {
    if (field == "kind" && locale.has("import.structure_" + value)) return locale.text("import.structure_" + value);
    return value;
}

ImportDifferenceLine line_of(const web::Locale& locale, const identity::ImportDifference& difference) {
    ImportDifferenceLine line{.key = difference.key, .name = difference.name};
    if (difference.line) line.where = locale.text("import.at_line", {{"line", locale.number(difference.line)}});
    if (!difference.reason.empty()) line.reason = locale.text(difference.reason, {{"value", difference.value}});
    for (const auto& field : difference.fields)
        line.fields.push_back({.name = locale.text("import.field_" + field.name),
                               .before = value_in(locale, field.name, field.before),
                               .after = value_in(locale, field.name, field.after),
                               .was = !field.before.empty()});
    return line;
}

// What needs to be looked at comes first and stands open.
std::vector<ImportGroup> groups_of(const web::Locale& locale, const identity::ImportReport& report) {
    std::vector<ImportGroup> groups;
    for (std::string what : {"refused", "ends", "changes", "begins"})
        for (std::string kind : {"structure", "person", "class"}) {
            ImportGroup group{.heading = locale.text("import.group", {{"kind", locale.text("import.kind_" + kind)},
                                                                      {"what", locale.text("import.what_" + what)}}),
                              .open = what == "refused" || what == "ends"};
            for (const auto& difference : report.differences)
                if (difference.kind == kind && difference.what == what)
                    group.lines.push_back(line_of(locale, difference));
            if (!group.lines.empty()) groups.push_back(std::move(group));
        }
    return groups;
}

void show_report(const web::Locale& locale, ImportRunView& view, const identity::ImportReport& report) {
    view.counted = true;
    view.counts = counts_of(locale, report);
    view.groups = groups_of(locale, report);
    view.unread = report.mistakes_in_all > 0;
    view.unread_count = locale.plural("import.unread", report.mistakes_in_all);
    for (const auto& mistake : report.mistakes)
        view.mistakes.push_back(
            {locale.text("import.mistake", {{"kind", locale.text("import.kind_" + mistake.kind)},
                                            {"line", locale.number(mistake.line)},
                                            {"column", locale.number(mistake.column)},
                                            {"why", locale.text(mistake.reason, {{"value", mistake.value}})}})});
    for (const auto& kind : report.kept)
        view.kept.push_back({locale.text("import.kept", {{"kind", locale.text("import.kind_" + kind)}})});
    for (const auto& brake : report.brakes)
        view.brakes.push_back(
            {locale.text("import.brake",
                         {{"kind", locale.text("import.kind_" + brake.kind)},
                          {"structure", brake.structure.empty() ? locale.text("import.whole_list") : brake.structure},
                          {"ends", locale.number(brake.ends)},
                          {"of", locale.number(brake.of)}})});
    view.braked = !view.brakes.empty();
}

} // namespace

std::string import_state_words(const web::Locale& locale, State state) {
    constexpr std::string_view words[] = {"examining", "examined", "importing", "done", "failed"};
    return locale.text("import.state_" + std::string{words[static_cast<std::size_t>(state) - 1]});
}

ImportRunView import_run_view(const web::Locale& locale, const identity::ImportRun& run) {
    ImportRunView view{.id = to_text(run.id), .heading = import_state_words(locale, run.state)};
    view.working = run.state == State::Examining || run.state == State::Importing;
    view.importing = run.state == State::Importing;
    if (run.state == State::Failed) view.problem = locale.text(run.report);
    if (view.importing) {
        view.done = std::to_string(run.done); // of the bar
        view.total = std::to_string(std::max<std::int64_t>(run.total, 1));
        view.progress =
            locale.text("import.progress", {{"done", locale.number(run.done)}, {"total", locale.number(run.total)}});
    }
    if (run.state != State::Examined && run.state != State::Done) return view;
    const auto report = identity::import_report_of(run.report);
    show_report(locale, view, report);
    if (run.state == State::Done) {
        view.note = locale.plural("import.done", report.changes());
        return view;
    }
    view.may_confirm = report.may_go_on() && report.changes() > 0;
    view.confirm = locale.plural("import.confirm", report.changes());
    // September lifts the brakes of classes and no other: offered where it would help.
    view.may_rentree = view.braked && std::ranges::all_of(report.brakes, [](const identity::ImportBrake& brake) {
                           return brake.kind == "membership" || brake.kind == "class";
                       });
    if (!view.braked && report.changes() == 0) view.note = locale.text("import.nothing_to_do");
    return view;
}

} // namespace preau::portal
