#include "office_text.hpp"

#include "exit_status.hpp"
#include "input.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <libxml/parser.h>
#include <libxml/xmlreader.h>

#include <memory>
#include <string_view>

namespace preau::convert {
namespace {

constexpr int most_entries = 2'000;
constexpr std::size_t most_of_one = 32 << 20, most_unpacked = 128 << 20;

struct FreeArchive {
    void operator()(archive* zip) const { archive_read_free(zip); }
};
struct FreeReader {
    void operator()(xmlTextReader* reader) const { xmlFreeTextReader(reader); }
};

bool holds_words(std::string_view name) {
    return name == "content.xml" || name == "word/document.xml" || name == "word/footnotes.xml" ||
           name == "xl/sharedStrings.xml" || (name.starts_with("ppt/slides/slide") && name.ends_with(".xml")) ||
           (name.starts_with("ppt/notesSlides/notesSlide") && name.ends_with(".xml"));
}

bool ends_paragraph(std::string_view element) {
    return element == "p" || element == "h" || element == "si" || element == "br" || element == "line-break" ||
           element == "table-row" || element == "tr";
}
bool is_gap(std::string_view element) {
    return element == "tab" || element == "s" || element == "tc" || element == "table-cell";
}

// No network, no other files, no expansion of entities (libxml2 stops at its own limits of depth and size too).
void append_words(const std::string& xml, std::string& text) {
    const std::unique_ptr<xmlTextReader, FreeReader> reader{
        xmlReaderForMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                           XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)};
    if (!reader) throw Refusal{unreadable, "not XML"};
    int more = 0;
    while (text.size() < most_text && (more = xmlTextReaderRead(reader.get())) == 1) {
        const int kind = xmlTextReaderNodeType(reader.get());
        if (kind == XML_READER_TYPE_DOCUMENT_TYPE) throw Refusal{unreadable, "XML with declarations of its own"};
        if (kind == XML_READER_TYPE_TEXT || kind == XML_READER_TYPE_CDATA) {
            text += reinterpret_cast<const char*>(xmlTextReaderConstValue(reader.get()));
        } else if (kind == XML_READER_TYPE_END_ELEMENT || xmlTextReaderIsEmptyElement(reader.get()) == 1) {
            const std::string_view element{reinterpret_cast<const char*>(xmlTextReaderConstLocalName(reader.get()))};
            if (ends_paragraph(element)) text += '\n';
            if (is_gap(element)) text += ' ';
        }
    }
    if (more < 0) throw Refusal{unreadable, "damaged XML"};
}

std::string unpack(archive* zip, std::size_t& unpacked) {
    std::string bytes;
    char room[65536];
    for (;;) {
        const auto got = archive_read_data(zip, room, sizeof room);
        if (got == 0) return bytes;
        if (got < 0) throw Refusal{unreadable, "damaged archive"};
        unpacked += static_cast<std::size_t>(got);
        if (bytes.size() + static_cast<std::size_t>(got) > most_of_one || unpacked > most_unpacked)
            throw Refusal{too_large, "more than is unpacked"};
        bytes.append(room, static_cast<std::size_t>(got));
    }
}

void cut_to_text(std::string& text) {
    if (text.size() <= most_text) return;
    auto end = most_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
}

} // namespace

void prepare_office_text() { xmlInitParser(); }

std::string office_text(const std::string& bytes) {
    const std::unique_ptr<archive, FreeArchive> zip{archive_read_new()};
    archive_read_support_format_zip(zip.get());
    if (archive_read_open_memory(zip.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
        throw Refusal{unreadable, "not an office document"};
    std::string text;
    std::size_t unpacked = 0;
    bool found = false;
    archive_entry* entry = nullptr;
    for (int entries = 0; text.size() < most_text; ++entries) {
        const int status = archive_read_next_header(zip.get(), &entry);
        if (status == ARCHIVE_EOF) break;
        if (status < ARCHIVE_WARN) throw Refusal{unreadable, "damaged archive"};
        if (entries >= most_entries) throw Refusal{too_large, "more entries than are looked at"};
        const auto* name = archive_entry_pathname(entry);
        if (!name || !holds_words(name)) continue;
        found = true;
        append_words(unpack(zip.get(), unpacked), text);
    }
    if (!found) throw Refusal{unreadable, "not an office document"};
    cut_to_text(text);
    return text;
}

} // namespace preau::convert
