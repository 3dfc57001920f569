//! Markup that is well-formed as HTML and as XML, with everything from outside escaped.

/// Attributes of an element.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

/// Markup under way.
#[derive(Debug, Clone, Default)]
pub struct Markup(String);

impl Markup {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An element with whatever `inside` writes. `name` and the attributes' names are ours and not
    /// escaped.
    pub fn element(
        &mut self,
        name: &str,
        attributes: Attributes<'_>,
        inside: impl FnOnce(&mut Self),
    ) {
        self.start(name, attributes);
        self.0.push('>');
        inside(self);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    /// An element that holds text.
    pub fn leaf(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.element(name, attributes, |m| m.text(text));
    }

    /// An element that holds nothing.
    pub fn void(&mut self, name: &str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.0.push_str("/>");
    }

    /// Text.
    pub fn text(&mut self, text: &str) {
        escape(text, &mut self.0);
    }

    /// Markup of our own: a document type, a style sheet, another [`Markup`]. Never what came from
    /// outside.
    pub fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.0
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(name);
        for (attribute, value) in attributes {
            self.0.push(' ');
            self.0.push_str(attribute);
            self.0.push_str("=\"");
            escape(value, &mut self.0);
            self.0.push('"');
        }
    }
}

/// Escapes `text` for content and for attributes in double quotes. What cannot be seen and could
/// mislead, control characters and those that turn the direction of text, becomes U+FFFD.
fn escape(text: &str, to: &mut String) {
    for character in text.chars() {
        match character {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' => to.push_str("&quot;"),
            '\'' => to.push_str("&#39;"),
            '\t' | '\n' => to.push(character),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                to.push('\u{fffd}');
            }
            '\u{fffe}' | '\u{ffff}' => to.push('\u{fffd}'),
            c if c.is_control() => to.push('\u{fffd}'),
            c => to.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_text() {
        let mut markup = Markup::new();
        markup.leaf("p", &[("title", "\"><b>")], "<script>alert('x' & \"y\")</script>");
        assert_eq!(
            markup.finish(),
            "<p title=\"&quot;&gt;&lt;b&gt;\">&lt;script&gt;alert(&#39;x&#39; &amp; \
             &quot;y&quot;)&lt;/script&gt;</p>"
        );
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        let mut markup = Markup::new();
        markup.text("a\0b\u{1b}c\u{202e}gpj.exe\u{ffff}\r\u{85}");
        assert_eq!(markup.finish(), "a\u{fffd}b\u{fffd}c\u{fffd}gpj.exe\u{fffd}\u{fffd}\u{fffd}");
    }
}
