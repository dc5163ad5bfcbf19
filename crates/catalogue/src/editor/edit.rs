//! What the buttons beside a row do.

use super::table::{Kind, MAX_ROWS, Place, Row, Section, StepTable, free};

impl StepTable {
    /// Adds a row behind another, or at the end of a section; in the main part before the decision. Gives its id.
    pub fn add(&mut self, section: Section, behind: Option<&str>, kind: Kind, name: &str) -> Option<String> {
        if self.rows().count() >= MAX_ROWS {
            return None;
        }
        let id = free(kind.as_str(), |id| self.row_of(id).is_some() || self.id == id || self.has_frame_id(id));
        let rows = self.rows_of_mut(section);
        let end = rows.len() - usize::from(rows.last().is_some_and(|row| row.kind == Kind::Decide));
        let at = behind.and_then(|behind| rows.iter().position(|row| row.id == behind)).map_or(end, |at| at + 1);
        rows.insert(at.min(end), Row::new(id.clone(), name, kind));
        self.settle();
        Some(id)
    }

    fn has_frame_id(&self, id: &str) -> bool {
        let frame = &self.frame;
        [&frame.start, &frame.acceptance, &frame.turned_away, &frame.decision, &frame.granted, &frame.refused]
            .into_iter()
            .any(|named| named.id == id)
    }

    /// Takes a row away, and what other rows say of it.
    pub fn remove(&mut self, id: &str) {
        for section in Section::ALL {
            let rows = self.rows_of_mut(section);
            if let Some(at) = rows.iter().position(|row| row.id == id) {
                let gone = rows.remove(at);
                // Its branches go on with the next row.
                if let Some(next) = rows.get_mut(at)
                    && gone.place == Place::After
                    && next.place != Place::After
                {
                    next.place = Place::After;
                    next.branches = gone.branches;
                }
            }
            for row in rows {
                if let Some(targets) = &mut row.return_to {
                    targets.retain(|target| target != id);
                }
            }
        }
        self.settle();
    }

    /// Moves a row up or down by one within its section.
    pub fn shift(&mut self, id: &str, down: bool) {
        for section in Section::ALL {
            let rows = self.rows_of_mut(section);
            let Some(at) = rows.iter().position(|row| row.id == id) else { continue };
            let other = if down { at + 1 } else { at.wrapping_sub(1) };
            if other < rows.len() {
                // Places belong to where a row stands, not to the row.
                let (one, two) = (rows[at].place, rows[other].place);
                rows.swap(at, other);
                (rows[at].place, rows[other].place) = (one, two);
            }
            break;
        }
        self.settle();
    }

    /// Makes a row run at the same time as the one above, or after it again.
    pub fn set_beside(&mut self, id: &str, beside: bool) {
        for section in Section::ALL {
            for row in self.rows_of_mut(section).iter_mut().filter(|row| row.id == id) {
                row.place = if beside { Place::Beside } else { Place::After };
            }
        }
        self.settle();
    }
}
