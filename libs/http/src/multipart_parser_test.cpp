#include "http/multipart_parser.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace preau::http {
namespace {

using Event = MultipartParser::Event;

struct Outcome {
    std::vector<std::string> parts; // "name|filename|body"
    Event last = Event::NeedMore;
};

// Feeds the bytes in pieces of `size`, keeping what is not consumed, as a reader of a socket does.
Outcome parse(std::string_view bytes, std::size_t size, std::string_view boundary = "B") {
    MultipartParser parser{boundary};
    Outcome outcome;
    std::string kept;
    while (true) {
        auto step = parser.step(kept);
        outcome.last = step.event;
        if (step.event == Event::PartBegins)
            outcome.parts.push_back(parser.part().name + "|" + parser.part().filename.value_or("-") + "|");
        if (step.event == Event::Data) outcome.parts.back() += step.data;
        if (step.event == Event::End || step.event == Event::Malformed) return outcome;
        kept.erase(0, step.consumed);
        if (step.event != Event::NeedMore) continue;
        if (bytes.empty()) return outcome;
        kept += bytes.substr(0, size);
        bytes.remove_prefix(std::min(size, bytes.size()));
    }
}

std::string part(std::string_view disposition, std::string_view body) {
    return "--B\r\nContent-Disposition: " + std::string{disposition} + "\r\n\r\n" + std::string{body} + "\r\n";
}

std::string one_name(std::string_view parameters) {
    auto outcome = parse(part("form-data; name=f; " + std::string{parameters}, "") + "--B--", 4096);
    return outcome.parts.empty() ? "malformed" : outcome.parts[0];
}

} // namespace

TEST_CASE("a form is the same however the network cuts it") {
    auto bytes = "preamble\r\n" + part("form-data; name=\"title\"", "Bonjour\r\n--\r\n-B\r\n--C") +
                 part("form-data; name=\"empty\"", "") +
                 part("form-data; name=\"file\"; filename=\"photo.jpg\"", std::string(5000, '\r') + "\n--") +
                 "--B--\r\nepilogue";
    std::vector<std::string> expected{"title|-|Bonjour\r\n--\r\n-B\r\n--C", "empty|-|",
                                      "file|photo.jpg|" + std::string(5000, '\r') + "\n--"};
    for (std::size_t size : {1U, 2U, 3U, 5U, 7U, 64U, 1000U, 100000U}) {
        CAPTURE(size);
        auto outcome = parse(bytes, size);
        CHECK(outcome.last == Event::End);
        CHECK(outcome.parts == expected);
    }
}

TEST_CASE("file names come out as the person chose them, without folders") {
    CHECK(one_name("filename=\"\"") == "f||");
    CHECK(one_name("filename=\"C:\\Mes documents\\photo.jpg\"") == "f|photo.jpg|");
    CHECK(one_name("filename=\"../../etc/passwd\"") == "f|passwd|");
    CHECK(one_name("filename=\"a%22b.txt\"") == "f|a\"b.txt|");
    CHECK(one_name("filename=\"100%.txt\"") == "f|100%.txt|");
    CHECK(one_name("filename=\"a\\\"b.txt\"") == "f|a\"b.txt|");
    CHECK(one_name("filename=plain.txt") == "f|plain.txt|");
    CHECK(one_name("filename=\"a;b.txt\"") == "f|a;b.txt|");
    CHECK(one_name("filename=\"x.txt\"; filename*=UTF-8''%C3%A9t%C3%A9.txt") == "f|été.txt|");
    CHECK(one_name("filename=\"x.txt\"; filename*=UTF-8''%ff") == "f|x.txt|");
    CHECK(one_name("filename=\"été.txt\"") == "f|été.txt|");
}

TEST_CASE("a malformed form is refused and a short one asks for more") {
    CHECK(parse("--B\r\nContent-Disposition: attachment\r\n\r\nx\r\n--B--", 10).last == Event::Malformed);
    CHECK(parse("--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--", 10).last == Event::Malformed);
    CHECK(parse("--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--", 10).last == Event::Malformed);
    CHECK(parse("--B\r\nno colon\r\n\r\nx\r\n--B--", 10).last == Event::Malformed);
    CHECK(parse("--Bx\r\n", 10).last == Event::Malformed);
    CHECK(parse(part("form-data; name=a", "text"), 10).last == Event::NeedMore);
    CHECK(parse("--B\r\nX: " + std::string(20000, 'x'), 1000).last == Event::Malformed);
    CHECK(parse("", 1).last == Event::NeedMore);
    std::string many;
    for (int i = 0; i < 1001; ++i) many += part("form-data; name=a", "");
    CHECK(parse(many + "--B--", 1000).last == Event::Malformed);
}

TEST_CASE("headers at their limit are taken or refused alike however the network cuts them") {
    for (auto size : {16379, 16380, 16381, 16382, 16383, 16384, 16385, 16386}) {
        std::string start = "Content-Disposition: form-data; name=f\r\nX: ";
        auto bytes = "--B\r\n" + start + std::string(static_cast<std::size_t>(size) - start.size(), 'x') + "\r\n\r\nbody\r\n--B--";
        CAPTURE(size);
        auto expected = static_cast<std::size_t>(size) + 4 <= MultipartParser::most_header_bytes ? Event::End : Event::Malformed;
        for (std::size_t piece : {1U, 3U, 8192U, 100000U}) CHECK(parse(bytes, piece).last == expected);
    }
}

TEST_CASE("the boundary is taken from the media type") {
    CHECK(*multipart_boundary("multipart/form-data; boundary=----Web7") == "----Web7");
    CHECK(*multipart_boundary("multipart/form-data; charset=utf-8; BOUNDARY=\"a b:c\"") == "a b:c");
    CHECK_FALSE(multipart_boundary("multipart/form-data"));
    CHECK_FALSE(multipart_boundary("multipart/form-data; boundary="));
    CHECK_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')));
}

} // namespace preau::http
