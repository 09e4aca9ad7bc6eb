// SPDX-License-Identifier: Apache-2.0
// Validates JSON against the part of JSON Schema that the scenario schema uses.
// A keyword that it does not know is a failure of the schema.
#pragma once

#include <regex.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace overrun::test {

using Json = nlohmann::json;

[[nodiscard]] bool validates(const Json& schema, const Json& value);

[[nodiscard]] inline bool has_type(const std::string& type, const Json& value)
{
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    throw std::invalid_argument("type " + type);
}

// POSIX extended expressions suffice for our patterns, and g++ 12 warns of std::regex under sanitizers.
[[nodiscard]] inline bool matches(const std::string& pattern, const std::string& text)
{
    regex_t compiled{};
    if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0)
        throw std::invalid_argument("pattern " + pattern);
    const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
    regfree(&compiled);
    return found;
}

[[nodiscard]] inline std::size_t matching(const Json& schemas, const Json& value)
{
    std::size_t count = 0;
    for (const Json& schema : schemas) count += validates(schema, value) ? 1 : 0;
    return count;
}

[[nodiscard]] inline bool object_holds(const Json& schema, const Json& value)
{
    const Json none       = Json::object();
    const Json properties = schema.value("properties", none);
    const bool closed     = schema.contains("additionalProperties");
    for (const auto& [name, member] : value.items()) {
        if (properties.contains(name) && !validates(properties[name], member)) return false;
        if (!properties.contains(name) && closed) return false;
    }
    for (const Json& name : schema.value("required", Json::array()))
        if (!value.contains(name.get<std::string>())) return false;
    const Json dependent = schema.value("dependentRequired", none);
    for (const auto& [name, others] : dependent.items())
        for (const Json& other : others)
            if (value.contains(name) && !value.contains(other.get<std::string>())) return false;
    return true;
}

[[nodiscard]] inline bool keyword_holds(const std::string& keyword, const Json& schema, const Json& value)
{
    const Json& rule   = schema[keyword];
    const bool  number = value.is_number();
    const bool  text   = value.is_string();
    const bool  list   = value.is_array();
    if (keyword == "type") return has_type(rule.get<std::string>(), value);
    if (keyword == "const") return value == rule;
    if (keyword == "enum") return std::find(rule.begin(), rule.end(), value) != rule.end();
    if (keyword == "minimum") return !number || value >= rule;
    if (keyword == "maximum") return !number || value <= rule;
    if (keyword == "multipleOf") return !number || value.get<std::int64_t>() % rule.get<std::int64_t>() == 0;
    if (keyword == "minLength") return !text || value.get<std::string>().size() >= rule.get<std::size_t>();
    if (keyword == "maxLength") return !text || value.get<std::string>().size() <= rule.get<std::size_t>();
    if (keyword == "pattern") return !text || matches(rule.get<std::string>(), value.get<std::string>());
    if (keyword == "minItems") return !list || value.size() >= rule.get<std::size_t>();
    if (keyword == "maxItems") return !list || value.size() <= rule.get<std::size_t>();
    if (keyword == "items")
        return !list ||
               std::all_of(value.begin(), value.end(), [&](const Json& item) { return validates(rule, item); });
    if (keyword == "anyOf") return matching(rule, value) > 0;
    if (keyword == "oneOf") return matching(rule, value) == 1;
    if (keyword == "not") return !validates(rule, value);
    if (keyword == "if") return validates(schema[validates(rule, value) ? "then" : "else"], value);
    if (keyword == "properties") return !value.is_object() || object_holds(schema, value);
    if (keyword == "required" || keyword == "dependentRequired")
        return !value.is_object() || object_holds(schema, value);
    if (keyword == "additionalProperties" && rule == false) return true;  // with properties
    for (const char* known : {"$schema", "title", "description", "default", "then", "else"})
        if (keyword == known) return true;
    throw std::invalid_argument("keyword " + keyword);
}

inline bool validates(const Json& schema, const Json& value)
{
    if (schema.is_boolean()) return schema.get<bool>();
    for (const auto& [keyword, rule] : schema.items())
        if (!keyword_holds(keyword, schema, value)) return false;
    return true;
}

}  // namespace overrun::test
