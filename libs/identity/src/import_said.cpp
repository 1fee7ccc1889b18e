// What lines say, in one text each, and what stands in it.
#include "import_plan.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace preau::identity {
namespace {

std::string list_text(std::vector<std::string> parts) {
    std::ranges::sort(parts);
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : "|") + part;
    return text;
}

std::string id_text(const ImportPlace& place, const FindPlace& id_of) {
    const auto id = id_of(place);
    return id ? to_text(id) : "?" + place.key;
}

} // namespace

ImportSaid say(const StructureLine& line, const ImportPlaces& places, const FindPlace& id_of) {
    std::string parent;
    if (!line.parent.empty()) {
        const auto* place = places.find(line.parent);
        if (!place) return {.text = {}, .refusal = ImportRefusal{"import.parent_unknown", line.parent}};
        if (!place->inside) return {.text = {}, .refusal = ImportRefusal{"import.outside", line.parent}};
        parent = id_text(*place, id_of);
    }
    return {.text = joined({parent, line.kind, line.name, line.uai, line.zone}), .refusal = std::nullopt};
}

ImportSaid say(const PersonLine& line, const ImportPlaces& places, const FindPlace& id_of) {
    std::vector<std::string> functions;
    for (const auto& function : line.functions) {
        const auto* place = places.find(function.place);
        if (!place) return {.text = {}, .refusal = ImportRefusal{"import.structure_unknown", function.place}};
        if (!place->inside) return {.text = {}, .refusal = ImportRefusal{"import.outside", function.place}};
        if (place->closed) return {.text = {}, .refusal = ImportRefusal{"import.structure_closed", function.place}};
        functions.push_back(id_text(*place, id_of) + ':' + function.function);
    }
    std::ranges::sort(functions);
    functions.erase(std::ranges::unique(functions).begin(), functions.end());
    return {.text = joined({line.name, line.mail, list_text(std::move(functions))}), .refusal = std::nullopt};
}

ImportSaid say(const ClassLine& line, const ImportPlaces& places, const FindPlace& id_of, const FindPerson& person) {
    const auto* place = places.find(line.structure);
    if (!place) return {.text = {}, .refusal = ImportRefusal{"import.structure_unknown", line.structure}};
    if (!place->inside) return {.text = {}, .refusal = ImportRefusal{"import.outside", line.structure}};
    if (place->closed) return {.text = {}, .refusal = ImportRefusal{"import.structure_closed", line.structure}};
    std::vector<std::string> teachers;
    for (const auto& key : line.teachers) {
        auto id = person(key);
        if (!id) return {.text = {}, .refusal = ImportRefusal{"import.person_unknown", key}};
        teachers.push_back(*id ? to_base32(*id) : "?" + key);
    }
    std::ranges::sort(teachers);
    teachers.erase(std::ranges::unique(teachers).begin(), teachers.end());
    return {.text = joined(
                {id_text(*place, id_of), line.name, line.year, list_text(std::move(teachers)), list_text(line.pupils)}),
            .refusal = std::nullopt};
}

std::vector<std::string> listed(std::string_view field) {
    std::vector<std::string> parts;
    if (field.empty()) return parts;
    for (auto part : split(field, '|')) parts.emplace_back(part);
    return parts;
}

StructureId place_of(std::string_view function) {
    return parse_id<StructureId>(function.substr(0, function.rfind(':'))).value_or(StructureId{});
}

std::string_view function_of(std::string_view function) { return function.substr(function.rfind(':') + 1); }

std::int64_t ImportReport::changes() const {
    std::int64_t all = 0;
    for (const auto* count : {&structures, &people, &classes}) all += count->begins + count->changes + count->ends;
    return all;
}

std::string to_json(const ImportReport& report) { return json::text_of(report); }

namespace {

// Back from our own JSON: what is missing stays empty.
template <class T> void read_into(const json::Value& value, T& target) {
    if constexpr (Described<T>) {
        for_each_member(target, [&](std::string_view name, auto& member) { read_into(value[name], member); });
    } else if constexpr (requires { target.push_back(typename T::value_type{}); } && !std::is_same_v<T, std::string>) {
        for (std::size_t at = 0; at < value.size(); ++at) {
            typename T::value_type element{};
            read_into(value.at(at), element);
            target.push_back(std::move(element));
        }
    } else if constexpr (std::is_same_v<T, std::string>) {
        target = value.text().value_or("");
    } else {
        target = value.integer().value_or(0);
    }
}

} // namespace

ImportReport import_report_of(std::string_view text) {
    ImportReport report;
    if (auto value = json::parse(text)) read_into(*value, report);
    return report;
}

} // namespace preau::identity
