//! The way of a line around what stands in its way: the shortest with few bends, by right angles, on a grid that has a line
//! beside every side of every obstacle.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::diagram::{Bounds, Point};

/// Room between a line and what it passes: as a rule, and at least.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    clear: f64,
    least: f64,
}

/// As it should be, and where things stand close.
pub(super) const WIDE: Room = Room { clear: 9.0, least: 4.0 };
pub(super) const NARROW: Room = Room { clear: 3.0, least: 0.0 };

/// What a bend costs, in pixels of way.
const BEND: u32 = 18;
/// How many times dearer it is to lie on another line.
const SHARED: u32 = 4;
/// Largest grid of one line, and of all lines of a drawing together. Beyond, lines are drawn straight.
const MAX_GRID: usize = 160_000;
const MAX_ALL: usize = 4_000_000;
/// How far around both ends a way is looked for first.
const AROUND: f64 = 140.0;

/// A place on the border of a shape where a line may begin or end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dock {
    pub(super) point: Point,
    pub(super) side: Side,
    /// The line comes from inside.
    pub(super) inward: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Top,
    Bottom,
    Left,
    Right,
}

impl Dock {
    /// The first place of the grid, away from the shape.
    fn exit(&self, room: Room) -> Point {
        let far = if self.inward { -room.clear } else { room.clear };
        let Point { x, y } = self.point;
        match self.side {
            Side::Top => Point { x, y: y - far },
            Side::Bottom => Point { x, y: y + far },
            Side::Left => Point { x: x - far, y },
            Side::Right => Point { x: x + far, y },
        }
    }

    fn is_level(&self) -> bool {
        matches!(self.side, Side::Left | Side::Right)
    }
}

/// Finds ways; knows which places are taken by lines already.
pub(super) struct Maze {
    taken: Vec<Vec<Point>>,
    spent: usize,
}

impl Maze {
    pub(super) fn new(taken: Vec<Vec<Point>>) -> Self {
        Self { taken, spent: 0 }
    }

    /// A line that others should not lie on.
    pub(super) fn occupy(&mut self, points: &[Point]) {
        self.taken.push(points.to_vec());
    }

    /// A way from one of these docks to one of those; none when there is none, or when looking for it takes too long.
    pub(super) fn find(&mut self, walls: &[Bounds], from: &[Dock], to: &[Dock], room: Room) -> Option<Vec<Point>> {
        let places: Vec<Point> = from.iter().chain(to).map(|dock| dock.point).collect();
        let low = |at: fn(&Point) -> f64| places.iter().map(at).fold(f64::INFINITY, f64::min) - AROUND;
        let high = |at: fn(&Point) -> f64| places.iter().map(at).fold(f64::NEG_INFINITY, f64::max) + AROUND;
        let (left, top) = (low(|point| point.x), low(|point| point.y));
        let (right, bottom) = (high(|point| point.x), high(|point| point.y));
        let nearby = |wall: &&Bounds| wall.x < right && wall.x + wall.width > left && wall.y < bottom && wall.y + wall.height > top;
        let some: Vec<Bounds> = walls.iter().filter(nearby).copied().collect();
        self.way(&some, from, to, room, Some((left, right, top, bottom))).or_else(|| self.way(walls, from, to, room, None))
    }

    fn way(
        &mut self,
        walls: &[Bounds],
        from: &[Dock],
        to: &[Dock],
        room: Room,
        within: Option<(f64, f64, f64, f64)>,
    ) -> Option<Vec<Point>> {
        let Room { clear: far, least } = room;
        let clear = |dock: &&Dock| !walls.iter().any(|wall| between(wall, &dock.point, &dock.exit(room)));
        let (from, to): (Vec<&Dock>, Vec<&Dock>) = (from.iter().filter(clear).collect(), to.iter().filter(clear).collect());
        let exits: Vec<Point> = from.iter().chain(&to).map(|dock| dock.exit(room)).collect();
        let (left, right, top, bottom) = within.unwrap_or((f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY));
        let xs = walls.iter().flat_map(|wall| [wall.x - far, wall.x + wall.width + far]).filter(|x| *x > left && *x < right);
        let xs = lines(xs.chain(exits.iter().map(|point| point.x)));
        let ys = walls.iter().flat_map(|wall| [wall.y - far, wall.y + wall.height + far]).filter(|y| *y > top && *y < bottom);
        let ys = lines(ys.chain(exits.iter().map(|point| point.y)));
        let size = xs.len() * ys.len();
        if size > MAX_GRID || self.spent + size > MAX_ALL {
            return None;
        }
        self.spent += size;
        let mut grid = Grid::of(&xs, &ys);
        for wall in walls {
            grid.wall(wall, least);
        }
        for points in &self.taken {
            for part in points.windows(2) {
                grid.taken(part[0], part[1]);
            }
        }
        let starts: Vec<(usize, bool)> = from.iter().filter_map(|dock| Some((grid.at(&dock.exit(room))?, dock.is_level()))).collect();
        let ends: Vec<(usize, bool)> = to.iter().filter_map(|dock| Some((grid.at(&dock.exit(room))?, dock.is_level()))).collect();
        let (way, start, end) = grid.search(&starts, &ends)?;
        let mut points = vec![from[start].point];
        points.extend(way);
        points.push(to[end].point);
        Some(without_middles(points))
    }
}

struct Grid<'g> {
    xs: &'g [f64],
    ys: &'g [f64],
    /// Cost of a pixel to the right of each place, and below it; 0 where nothing passes.
    right: Vec<u32>,
    down: Vec<u32>,
}

impl<'g> Grid<'g> {
    fn of(xs: &'g [f64], ys: &'g [f64]) -> Self {
        let size = xs.len() * ys.len();
        Self { xs, ys, right: vec![1; size], down: vec![1; size] }
    }

    fn at(&self, point: &Point) -> Option<usize> {
        let place = |all: &[f64], wanted: f64| {
            let at = all.partition_point(|line| *line < wanted - 0.5);
            (at < all.len()).then_some(at)
        };
        Some(place(self.ys, point.y)? * self.xs.len() + place(self.xs, point.x)?)
    }

    fn point(&self, at: usize) -> Point {
        Point { x: self.xs[at % self.xs.len()], y: self.ys[at / self.xs.len()] }
    }

    fn wall(&mut self, wall: &Bounds, least: f64) {
        let (left, right, top, bottom) = (wall.x - least, wall.x + wall.width + least, wall.y - least, wall.y + wall.height + least);
        let wide = self.xs.len();
        let rows = self.ys.partition_point(|y| *y <= top)..self.ys.partition_point(|y| *y < bottom);
        let columns = self.xs.partition_point(|x| *x <= left)..self.xs.partition_point(|x| *x < right);
        for row in rows.clone() {
            for column in columns.start.saturating_sub(1)..columns.end {
                self.right[row * wide + column] = 0;
            }
        }
        for row in rows.start.saturating_sub(1)..rows.end {
            for column in columns.clone() {
                self.down[row * wide + column] = 0;
            }
        }
    }

    fn taken(&mut self, one: Point, other: Point) {
        const NEAR: f64 = 4.0;
        let wide = self.xs.len();
        let (left, right) = (one.x.min(other.x), one.x.max(other.x));
        let (top, bottom) = (one.y.min(other.y), one.y.max(other.y));
        if bottom - top < 0.5 {
            let rows = self.ys.partition_point(|y| *y < top - NEAR)..self.ys.partition_point(|y| *y <= bottom + NEAR);
            let columns = self.xs.partition_point(|x| *x <= left).saturating_sub(1)..self.xs.partition_point(|x| *x < right);
            for row in rows {
                for column in columns.clone() {
                    self.right[row * wide + column] = dearer(self.right[row * wide + column]);
                }
            }
        } else if right - left < 0.5 {
            let columns = self.xs.partition_point(|x| *x < left - NEAR)..self.xs.partition_point(|x| *x <= right + NEAR);
            let rows = self.ys.partition_point(|y| *y <= top).saturating_sub(1)..self.ys.partition_point(|y| *y < bottom);
            for row in rows {
                for column in columns.clone() {
                    self.down[row * wide + column] = dearer(self.down[row * wide + column]);
                }
            }
        }
    }

    /// The cheapest way between places, with the numbers of its ends. The direction at an end is that of its dock.
    fn search(&self, starts: &[(usize, bool)], ends: &[(usize, bool)]) -> Option<(Vec<Point>, usize, usize)> {
        // A state is a place and whether the line runs level there.
        let states = self.xs.len() * self.ys.len() * 2;
        let mut cost = vec![u32::MAX; states];
        let mut before = vec![usize::MAX; states];
        let mut open = BinaryHeap::new();
        for (place, level) in starts {
            let state = place * 2 + usize::from(*level);
            cost[state] = 0;
            open.push(Reverse((0, state)));
        }
        let mut best: Option<(u32, usize, usize)> = None;
        while let Some(Reverse((spent, state))) = open.pop() {
            if best.is_some_and(|(best, _, _)| spent >= best) {
                break;
            }
            if spent > cost[state] {
                continue;
            }
            let (place, level) = (state / 2, state % 2 == 1);
            for (number, (_, end_level)) in ends.iter().enumerate().filter(|(_, (end, _))| *end == place) {
                let whole = spent + if level == *end_level { 0 } else { BEND };
                if best.is_none_or(|(best, _, _)| whole < best) {
                    best = Some((whole, state, number));
                }
            }
            for (next, next_level, price) in self.steps(place) {
                let spent = spent.saturating_add(price).saturating_add(if level == next_level { 0 } else { BEND });
                let next = next * 2 + usize::from(next_level);
                if spent < cost[next] {
                    cost[next] = spent;
                    before[next] = state;
                    open.push(Reverse((spent, next)));
                }
            }
        }
        let (_, mut state, end) = best?;
        let mut way = vec![self.point(state / 2)];
        while before[state] != usize::MAX {
            state = before[state];
            way.push(self.point(state / 2));
        }
        way.reverse();
        let start = starts.iter().position(|(place, level)| place * 2 + usize::from(*level) == state)?;
        Some((way, start, end))
    }

    /// Places beside a place, whether the way there is level, and what it costs.
    fn steps(&self, at: usize) -> impl Iterator<Item = (usize, bool, u32)> {
        let wide = self.xs.len();
        let (column, row) = (at % wide, at / wide);
        let price = |rate: u32, from: f64, to: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of a drawing")]
            let length = (to - from).round() as u32;
            (rate > 0).then(|| length.saturating_mul(rate))
        };
        let right = (column + 1 < wide).then(|| price(self.right[at], self.xs[column], self.xs[column + 1])).flatten();
        let left = (column > 0).then(|| price(self.right[at - 1], self.xs[column - 1], self.xs[column])).flatten();
        let down = (row + 1 < self.ys.len()).then(|| price(self.down[at], self.ys[row], self.ys[row + 1])).flatten();
        let up = (row > 0).then(|| price(self.down[at - wide], self.ys[row - 1], self.ys[row])).flatten();
        let steps = [
            right.map(|price| (at + 1, true, price)),
            left.map(|price| (at - 1, true, price)),
            down.map(|price| (at + wide, false, price)),
            up.map(|price| (at - wide, false, price)),
        ];
        steps.into_iter().flatten()
    }
}

fn dearer(rate: u32) -> u32 {
    rate.saturating_mul(SHARED).min(SHARED)
}

/// In order, without those nearer than half a pixel.
fn lines(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.dedup_by(|one, other| (*one - *other).abs() < 0.25);
    values
}

/// Whether a level or upright line passes through a wall.
fn between(wall: &Bounds, one: &Point, other: &Point) -> bool {
    one.x.max(other.x) > wall.x + 0.5
        && one.x.min(other.x) < wall.x + wall.width - 0.5
        && one.y.max(other.y) > wall.y + 0.5
        && one.y.min(other.y) < wall.y + wall.height - 0.5
}

/// Without points that lie straight on the way.
fn without_middles(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if let [.., one, last] = kept.as_slice()
            && ((one.x - last.x).abs() < 0.5 && (last.x - point.x).abs() < 0.5
                || (one.y - last.y).abs() < 0.5 && (last.y - point.y).abs() < 0.5)
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}
