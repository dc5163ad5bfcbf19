//! The way in: home page, search, themes.

use banhao_cases::queries::counts::{VisitShare, visit_share};
use banhao_catalogue::model::ThemeAudience;
use banhao_catalogue::{MatterVersion, Snapshot};
use banhao_kernel::Date;
use serde::Deserialize;

use super::words::named;
use crate::components::escape;
use crate::prelude::*;
use crate::problem;

/// Most results of a search.
const RESULTS: usize = 20;
/// Matters on the home page.
const ONLINE: usize = 8;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/", get(home)).route("/search", get(search)).route("/themes/{key}", get(theme))
}

/// A theme with how many matters it has.
struct ThemeLink {
    key: String,
    name: String,
    count: usize,
}

/// A matter in a list.
struct MatterLink {
    key: String,
    name: Markup,
    note: Markup,
    facts: String,
}

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    page: Page,
    persons: Vec<ThemeLink>,
    organisations: Vec<ThemeLink>,
    online: Vec<MatterLink>,
    share: Option<(String, String, String)>,
}

fn themes(page: &Page, snapshot: &Snapshot, audience: ThemeAudience) -> Vec<ThemeLink> {
    snapshot
        .themes(audience)
        .into_iter()
        .map(|(theme, count)| ThemeLink { key: theme.key.clone(), name: named(page, &theme.name), count })
        .collect()
}

/// One line: how long, how often one must come, what it costs.
pub(super) fn brief(page: &Page, version: &MatterVersion) -> String {
    let matter = &version.matter;
    let time = if matter.clock.promised_days == 0 {
        page.t("portal-at-once").into_owned()
    } else {
        period(page, matter.clock.promised_days, matter.clock.unit.name_key())
    };
    let visits = match matter.visits {
        0 => page.t("portal-visits-none").into_owned(),
        times => page.t_args("portal-visits", &[("n", &times.to_string())]),
    };
    let fee = if matter.fees.is_empty() { page.t("portal-free") } else { page.t("portal-with-fee") };
    format!("{time} · {visits} · {fee}")
}

/// `10个工作日`.
pub(super) fn period(page: &Page, days: u16, unit_key: &str) -> String {
    let unit = page.t(unit_key);
    page.t_args("portal-period", &[("n", &days.to_string()), ("unit", &unit)])
}

fn link(page: &Page, version: &MatterVersion) -> MatterLink {
    MatterLink {
        key: version.key.clone(),
        name: Markup::trusted(escape(version.matter.name.get(page.lang()))),
        note: Markup::trusted(escape(version.matter.summary.get(page.lang()))),
        facts: brief(page, version),
    }
}

async fn share_of_year(state: &AppState, today: Date) -> Result<VisitShare, Failure> {
    let now = state.cases.store.now();
    if let Some(share) = state.portal.share(now) {
        return Ok(share);
    }
    let share = visit_share(&state.cases, today.first_of_year()).await?;
    state.portal.keep_share(now, share);
    Ok(share)
}

async fn home(State(state): State<AppState>, page: Page) -> Answer {
    let snapshot = state.cases.snapshot().await?;
    let share = share_of_year(&state, snapshot.today).await?;
    let share = share.permille().map(|permille| {
        let percent = format!("{}.{}", permille / 10, permille % 10);
        (percent.clone(), share.closed.to_string(), percent)
    });
    let view = HomePage {
        persons: themes(&page, &snapshot, ThemeAudience::Person),
        organisations: themes(&page, &snapshot, ThemeAudience::Organisation),
        online: snapshot.matters().filter(|version| version.matter.visits == 0).take(ONLINE).map(|version| link(&page, version)).collect(),
        share,
        page: page.clone(),
    };
    Ok(page.html(&view))
}

// ---- search -----------------------------------------------------------------------------------------------------

#[derive(Debug, Deserialize)]
struct Question {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "portal/search.html")]
struct SearchPage {
    page: Page,
    crumbs: Crumbs,
    query: String,
    found: Vec<MatterLink>,
    similar: bool,
    suggestions: Vec<(String, String)>,
    persons: Vec<ThemeLink>,
    organisations: Vec<ThemeLink>,
}

/// The parts of a question that are looked for in a text: words, and pairs of neighbouring Chinese characters.
fn pieces(query: &str) -> Vec<String> {
    let query = query.to_lowercase();
    let mut pieces: Vec<String> = Vec::new();
    for word in query.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.is_ascii() {
            if word.len() > 2 {
                pieces.push(word.to_owned());
            }
            continue;
        }
        let letters: Vec<char> = word.chars().collect();
        if letters.len() == 1 {
            pieces.push(word.to_owned());
        }
        pieces.extend(letters.windows(2).map(|pair| pair.iter().collect()));
    }
    pieces
}

/// The text with every piece marked; `None` when there is none in it.
fn marked(text: &str, pieces: &[String]) -> Option<Markup> {
    let letters: Vec<char> = text.chars().collect();
    let folded: Vec<char> = letters.iter().map(|letter| letter.to_lowercase().next().unwrap_or(*letter)).collect();
    let mut hit = vec![false; letters.len()];
    for piece in pieces {
        let piece: Vec<char> = piece.chars().collect();
        for (at, window) in folded.windows(piece.len().max(1)).enumerate() {
            if window == piece {
                hit[at..at + piece.len()].fill(true);
            }
        }
    }
    if !hit.contains(&true) {
        return None;
    }
    let mut out = String::new();
    let mut inside = false;
    for (letter, hit) in letters.iter().zip(hit) {
        if hit != inside {
            out.push_str(if hit { "<mark>" } else { "</mark>" });
            inside = hit;
        }
        out.push_str(&escape(&letter.to_string()));
    }
    if inside {
        out.push_str("</mark>");
    }
    Some(Markup::trusted(out))
}

/// Why a matter was found, besides its name: a keyword, or the summary with the words marked.
fn reason(page: &Page, version: &MatterVersion, query: &str, pieces: &[String]) -> Markup {
    let folded = query.to_lowercase();
    let keyword = version.matter.keywords.iter().find(|keyword| {
        let keyword = keyword.to_lowercase();
        folded.contains(&keyword) || (!folded.is_empty() && keyword.contains(&folded))
    });
    let keyword = keyword.or_else(|| version.matter.keywords.iter().find(|keyword| marked(keyword, pieces).is_some()));
    let summary = version.matter.summary.get(page.lang());
    let about = marked(summary, pieces).unwrap_or_else(|| Markup::trusted(escape(summary)));
    match keyword {
        Some(keyword) => {
            let shown = marked(keyword, pieces).unwrap_or_else(|| Markup::trusted(escape(keyword)));
            Markup::trusted(format!("<span class=\"reason\">{} {shown}</span> {about}", escape(&page.t("portal-also-called"))))
        }
        None => about,
    }
}

async fn search(State(state): State<AppState>, page: Page, Asked(question): Asked<Question>) -> Answer {
    let query: String = question.q.trim().chars().take(100).collect();
    let snapshot = state.cases.snapshot().await?;
    let hits = if query.is_empty() { Vec::new() } else { snapshot.search(&query, RESULTS)? };
    let pieces = pieces(&query);
    let found: Vec<MatterLink> = hits
        .iter()
        .filter_map(|hit| snapshot.matter(&hit.key))
        .map(|version| {
            let plain = link(&page, &version);
            MatterLink {
                name: marked(version.matter.name.get(page.lang()), &pieces).unwrap_or(plain.name),
                note: reason(&page, &version, &query, &pieces),
                ..plain
            }
        })
        .collect();
    let suggestions = if found.is_empty() && !query.is_empty() {
        let first: String = query.chars().take(2).collect();
        snapshot.suggest(&first, 5)?.into_iter().map(|suggestion| (suggestion.text, suggestion.key)).collect()
    } else {
        Vec::new()
    };
    let view = SearchPage {
        crumbs: Crumbs::new().to(page.t("web-home"), "/").here(page.t("web-search")),
        similar: hits.first().is_some_and(|hit| hit.similar),
        persons: if found.is_empty() { themes(&page, &snapshot, ThemeAudience::Person) } else { Vec::new() },
        organisations: if found.is_empty() { themes(&page, &snapshot, ThemeAudience::Organisation) } else { Vec::new() },
        query,
        found,
        suggestions,
        page: page.clone(),
    };
    Ok(page.html(&view))
}

// ---- theme ------------------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "portal/theme.html")]
struct ThemePage {
    page: Page,
    crumbs: Crumbs,
    name: String,
    matters: Vec<MatterLink>,
}

async fn theme(State(state): State<AppState>, page: Page, PathId(key): PathId<String>) -> Answer {
    let snapshot = state.cases.snapshot().await?;
    let theme = snapshot.theme(&key).ok_or_else(problem::not_found)?;
    let name = named(&page, &theme.name);
    let view = ThemePage {
        crumbs: Crumbs::new().to(page.t("web-home"), "/").here(name.clone()),
        matters: snapshot.matters_of_theme(&key).map(|version| link(&page, version)).collect(),
        name,
        page: page.clone(),
    };
    Ok(page.html(&view))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_marked_and_the_rest_escaped() {
        let found = marked("<生育>登记 Licence", &pieces("办准生育证 licence")).unwrap();
        assert_eq!(found.as_str(), "&lt;<mark>生育</mark>&gt;登记 <mark>Licence</mark>");
        assert!(marked("其他", &pieces("生育")).is_none());
        assert!(marked("", &pieces("生育")).is_none());
    }
}
