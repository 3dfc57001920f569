//! Keys by role: who plays them is known once every stem has its role.
//!
//! One stem is the key itself. Several are summed on a bus that feeds nothing else, which is made for
//! them.

use crate::error::{Error, Result};
use crate::model::{Bus, Insert, Key, MIX, NONE, PlayedKey, Send, Session, TappedKey};

/// Makes channels of all keys by role.
///
/// # Errors
/// [`Error::NobodyPlays`] where no stem does, unless the key is optional: then the insert goes.
pub(super) fn find(session: &mut Session) -> Result<()> {
    let mut cast = Cast::of(session);
    for stem in &mut session.stems {
        let name = stem.name.clone().unwrap_or_default();
        cast.settle(&name, &mut stem.inserts)?;
    }
    for bus in &mut session.buses {
        let name = bus.name.clone();
        cast.settle(&name, &mut bus.inserts)?;
    }
    cast.settle(MIX, &mut session.mix.inserts)?;
    for sum in cast.sums {
        for stem in &mut session.stems {
            if sum.players.iter().any(|player| Some(player) == stem.name.as_ref()) {
                stem.sends.push(Send { to: sum.name.clone(), level_db: 0.0, tap: sum.key.tap });
            }
        }
        session.buses.push(Bus {
            name: sum.name,
            to: NONE.to_owned(),
            sends: Vec::new(),
            inserts: Vec::new(),
        });
    }
    Ok(())
}

/// Several stems that are a key together.
struct Sum {
    name: String,
    key: PlayedKey,
    players: Vec<String>,
}

/// Who plays what, and the sums made so far.
struct Cast {
    roles: Vec<(String, Option<crate::role::Role>)>,
    sums: Vec<Sum>,
}

impl Cast {
    fn of(session: &Session) -> Self {
        let role = |stem: &crate::model::Stem| (stem.name.clone().unwrap_or_default(), stem.role);
        Self { roles: session.stems.iter().map(role).collect(), sums: Vec::new() }
    }

    /// Names the keys of a channel's inserts.
    fn settle(&mut self, channel: &str, inserts: &mut Vec<Insert>) -> Result<()> {
        let mut settled = Vec::with_capacity(inserts.len());
        for mut insert in std::mem::take(inserts) {
            if let Some(Key::Played(key)) = &insert.key {
                let key = key.clone();
                let Some(from) = self.channel_of(&key, channel) else {
                    if key.optional {
                        continue;
                    }
                    return Err(Error::NobodyPlays {
                        plugin: insert.plugin,
                        channel: channel.to_owned(),
                        roles: names(&key, " or "),
                    });
                };
                insert.key = Some(from);
            }
            settled.push(insert);
        }
        *inserts = settled;
        Ok(())
    }

    /// The channel that is this key on `channel`, if anybody else plays it.
    fn channel_of(&mut self, key: &PlayedKey, channel: &str) -> Option<Key> {
        let plays = |(name, role): &&(String, Option<_>)| {
            name != channel && role.is_some_and(|role| key.role.contains(&role))
        };
        let players: Vec<String> =
            self.roles.iter().filter(plays).map(|(name, _)| name.clone()).collect();
        match &players[..] {
            [] => None,
            [one] => Some(Key::Tapped(TappedKey { from: one.clone(), tap: key.tap })),
            _ => {
                let made = self.sums.iter().find(|sum| {
                    sum.players == players && (&sum.key.role, sum.key.tap) == (&key.role, key.tap)
                });
                if let Some(sum) = made {
                    return Some(Key::Channel(sum.name.clone()));
                }
                let taken = self.sums.iter().filter(|sum| sum.key.role == key.role).count();
                let number = if taken > 0 { format!(" {}", taken + 1) } else { String::new() };
                let name = format!("{} key{number}", names(key, " + "));
                self.sums.push(Sum { name: name.clone(), key: key.clone(), players });
                Some(Key::Channel(name))
            }
        }
    }
}

fn names(key: &PlayedKey, between: &str) -> String {
    key.role.iter().map(|role| role.name()).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tap;
    use std::path::Path;

    fn session(stems: &[(&str, &str)], key: &str) -> Session {
        let stem = |(name, role): &(&str, &str)| {
            let insert = if *role == "Music" {
                format!("[[stem.insert]]\nplugin = \"eq\"\nkey = {key}\n")
            } else {
                String::new()
            };
            format!(
                "[[stem]]\nfile = \"{name}.wav\"\nname = \"{name}\"\nrole = \"{role}\"\n{insert}"
            )
        };
        let stems: String = stems.iter().map(stem).collect();
        Session::parse(&format!("schema = 1\n{stems}"), Path::new("session.toml")).unwrap()
    }

    const VOICE: &str = "{ role = [\"Lead Vocal\", \"Dialogue\"], tap = 1 }";

    #[test]
    fn one_stem_is_the_key_itself() {
        let mut found = session(&[("Bed", "Music"), ("Vox", "Lead Vocal")], VOICE);
        find(&mut found).unwrap();
        let from = TappedKey { from: "Vox".to_owned(), tap: Tap::After(1) };
        assert_eq!(found.stems[0].inserts[0].key, Some(Key::Tapped(from)));
        assert!(found.buses.is_empty() && found.stems[1].sends.is_empty());
    }

    #[test]
    fn several_are_summed_once_for_all_who_ask() {
        let stems =
            [("A", "Music"), ("B", "Music"), ("Vox", "Lead Vocal"), ("Double", "Lead Vocal")];
        let mut found = session(&stems, VOICE);
        find(&mut found).unwrap();
        let key = Some(Key::Channel("Lead Vocal + Dialogue key".to_owned()));
        assert_eq!([&found.stems[0].inserts[0].key, &found.stems[1].inserts[0].key], [&key, &key]);
        let [bus] = &found.buses[..] else { panic!("{:?}", found.buses) };
        assert_eq!((bus.name.as_str(), bus.to.as_str()), ("Lead Vocal + Dialogue key", NONE));
        let send = Send { to: bus.name.clone(), level_db: 0.0, tap: Tap::After(1) };
        let sends: Vec<_> = found.stems.iter().map(|stem| &stem.sends[..]).collect();
        let wanted: [&[Send]; 4] =
            [&[], &[], std::slice::from_ref(&send), std::slice::from_ref(&send)];
        assert_eq!(sends, wanted);
    }

    #[test]
    fn a_stem_is_no_key_of_its_own() {
        let mut found = session(&[("A", "Music"), ("B", "Music")], "{ role = [\"Music\"] }");
        find(&mut found).unwrap();
        let from = |stem: usize| found.stems[stem].inserts[0].key.as_ref().unwrap().from();
        assert_eq!([from(0), from(1)], ["B", "A"]);
    }

    #[test]
    fn a_key_that_nobody_plays_is_a_mistake_unless_it_is_optional() {
        let error = find(&mut session(&[("Bed", "Music")], VOICE)).unwrap_err().to_string();
        for said in ["Bed", "eq", "Lead Vocal or Dialogue"] {
            assert!(error.contains(said), "{error}");
        }
        let mut left = session(&[("Bed", "Music")], "{ role = [\"Dialogue\"], optional = true }");
        find(&mut left).unwrap();
        assert!(left.stems[0].inserts.is_empty());
    }
}
