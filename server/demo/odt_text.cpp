#include "demo/sample_bytes.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <zlib.h>

namespace preau::server {
namespace {

void append_little(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

// A ZIP of stored entries (PKWARE APPNOTE 4.3); OpenDocument wants "mimetype" first and not compressed.
class Zip {
public:
    void add(std::string_view name, std::string_view data) {
        auto offset = static_cast<std::uint32_t>(file_.size());
        auto fields = entry_fields(name, data);
        file_ += "PK\x03\x04" + fields;
        file_ += name;
        file_ += data;
        directory_ += "PK\x01\x02";
        append_little(directory_, 20, 2);
        directory_ += fields;
        for (int i = 0; i < 3; ++i) append_little(directory_, 0, 2); // comment, disk, internal attributes
        append_little(directory_, 0, 4);         // external attributes
        append_little(directory_, offset, 4);
        directory_ += name;
        ++count_;
    }
    std::string finish() {
        auto offset = static_cast<std::uint32_t>(file_.size());
        file_ += directory_;
        file_ += "PK\x05\x06";
        append_little(file_, 0, 4);
        append_little(file_, count_, 2);
        append_little(file_, count_, 2);
        append_little(file_, static_cast<std::uint32_t>(directory_.size()), 4);
        append_little(file_, offset, 4);
        append_little(file_, 0, 2);
        return std::move(file_);
    }

private:
    static std::string entry_fields(std::string_view name, std::string_view data) {
        std::string fields;
        append_little(fields, 20, 2);     // version needed
        append_little(fields, 0x0800, 2); // names are UTF-8
        append_little(fields, 0, 2);      // stored
        append_little(fields, 0x5D260000, 4); // 2026-09-06 00:00
        append_little(fields,
                      static_cast<std::uint32_t>(
                          ::crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size()))),
                      4);
        append_little(fields, static_cast<std::uint32_t>(data.size()), 4);
        append_little(fields, static_cast<std::uint32_t>(data.size()), 4);
        append_little(fields, static_cast<std::uint32_t>(name.size()), 2);
        append_little(fields, 0, 2);
        return fields;
    }
    std::string file_;
    std::string directory_;
    std::uint32_t count_ = 0;
};

constexpr std::string_view media_type = "application/vnd.oasis.opendocument.text";

std::string content_of(const std::vector<std::string>& paragraphs) {
    std::string xml = R"(<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" )"
                      R"(xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" )"
                      R"(xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>)";
    for (std::size_t i = 0; i < paragraphs.size(); ++i)
        xml +=
            fmt::format(fmt::runtime(i == 0 ? R"(<text:h text:outline-level="1">{}</text:h>)" : "<text:p>{}</text:p>"),
                        escape_html(paragraphs[i]));
    return xml + "</office:text></office:body></office:document-content>";
}

std::string manifest() {
    return fmt::format(R"(<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2" )"
                       R"(xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">)"
                       R"(<manifest:file-entry manifest:full-path="/" manifest:media-type="{}"/>)"
                       R"(<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>)"
                       R"(</manifest:manifest>)",
                       media_type);
}

} // namespace

std::string make_odt(const std::vector<std::string>& paragraphs) {
    Zip zip;
    zip.add("mimetype", media_type);
    zip.add("content.xml", content_of(paragraphs));
    zip.add("META-INF/manifest.xml", manifest());
    return zip.finish();
}

} // namespace preau::server
