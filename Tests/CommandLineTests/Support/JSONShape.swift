import Foundation

/// The form that a part of the JSON is promised to have.
///
/// Keys may be added to an object; what is named must be there.
indirect enum JSONShape: Sendable {
    case string
    case integer
    case boolean
    /// Text that decodes as base64.
    case base64
    /// Decimal seconds since 1970 with nanoseconds.
    case instant
    /// One of these words.
    case word([String])
    /// `ADDRESS:PORT`, `[ADDRESS]:PORT`.
    case endpoint
    case orNull(JSONShape)
    /// A number or a text, as captured and configured values are.
    case value
    case array(JSONShape)
    /// An array of exactly these.
    case tuple([JSONShape])
    /// An object whose keys are names and whose values are counts.
    case counts
    case object([String: JSONShape])

    /// What is not as promised, with the path to it; empty when all is.
    func complaints(about value: Any?, at path: String = "") -> [String] {
        guard let value else { return ["\(path) is missing"] }
        switch (self, value) {
        case (.orNull, is NSNull): return []
        case (.orNull(let shape), _): return shape.complaints(about: value, at: path)
        case (.string, is String): return []
        case (.word(let words), let text as String) where words.contains(text): return []
        case (.base64, let text as String) where Data(base64Encoded: text) != nil: return []
        case (.instant, let text as String) where text.wholeMatch(of: /\d+\.\d{9}/) != nil: return []
        case (.endpoint, let text as String) where text.wholeMatch(of: /([\d.]+|\[[0-9a-f:.]+\]):\d+/) != nil: return []
        case (.boolean, let number as NSNumber) where Self.isBoolean(number): return []
        case (.integer, let number as NSNumber)
        where !Self.isBoolean(number) && number.stringValue.allSatisfy(\.isIntegerPart):
            return []
        case (.value, is NSNull), (.value, is String), (.value, is NSNumber): return []
        case (.array(let shape), let array as [Any]):
            return array.enumerated().flatMap { shape.complaints(about: $1, at: "\(path)[\($0)]") }
        case (.tuple(let shapes), let array as [Any]) where shapes.count == array.count:
            return zip(shapes, array).enumerated().flatMap {
                $1.0.complaints(about: $1.1, at: "\(path)[\($0)]")
            }
        case (.counts, let object as [String: Any]):
            return object.sorted { $0.key < $1.key }
                .flatMap { JSONShape.integer.complaints(about: $1, at: "\(path).\($0)") }
        case (.object(let shapes), let object as [String: Any]):
            return shapes.sorted { $0.key < $1.key }.flatMap { $1.complaints(about: object[$0], at: "\(path).\($0)") }
        default: return ["\(path) is \(value), not \(self)"]
        }
    }

    private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}

extension Character {
    fileprivate var isIntegerPart: Bool { self == "-" || isWholeNumber }
}

/// The keys of a JSON text as they stand there, which decoders do not tell.
enum JSONKeys {
    /// Objects whose keys are not in ascending order of their bytes, or come twice, or are not lowerCamelCase.
    static func complaints(about text: String) -> [String] {
        var complaints: [String] = []
        // For each open object or array, its last key.
        var open: [String?] = []
        var string: String?
        var current = ""
        var isInString = false
        var isEscaped = false
        for character in text.unicodeScalars {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isInString = false
                    string = current
                }
                current.unicodeScalars.append(character)
                continue
            }
            switch character {
            case "\"": (isInString, current) = (true, "")
            case "{", "[": open.append(nil)
            case "}", "]": open.removeLast()
            case ":":
                guard let key = string, let last = open.popLast() else { return complaints + ["a colon without a key"] }
                if let last, !last.utf8.lexicographicallyPrecedes(key.utf8) {
                    complaints.append("\(key) comes after \(last)")
                }
                if key.wholeMatch(of: /[a-z][A-Za-z0-9]*/) == nil { complaints.append("\(key) is no lowerCamelCase") }
                open.append(key)
            default: break
            }
        }
        return complaints
    }
}
