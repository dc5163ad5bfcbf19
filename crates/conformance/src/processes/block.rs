//! Random processes as a structure of blocks: how they are made and how they are made smaller.

use crate::dice::Dice;

/// A part of a process. Every block has one way in; all but those that end something have one way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A user task.
    Task,
    /// A user task done several times, together or one after the other.
    Many {
        /// How often.
        count: usize,
        /// At the same time.
        together: bool,
    },
    /// One after the other.
    Sequence(Vec<Block>),
    /// A task decides which one.
    Choice {
        /// The ways.
        ways: Vec<Block>,
        /// The ways meet in the next element itself, without a gateway.
        loose: bool,
    },
    /// All of them.
    Parallel {
        /// The branches.
        branches: Vec<Block>,
        /// A task with several flows out splits, not a gateway.
        implicit: bool,
    },
    /// A task decides which ones.
    Inclusive(Vec<Block>),
    /// Again and again, as a task in it decides.
    Loop(Box<Block>),
    /// A loop that can also be left in its middle.
    Break(Box<Block>, Box<Block>),
    /// Two splits and two joins that are not inside each other: sound, but no structure of blocks.
    Braid(Vec<Block>),
    /// An embedded subprocess.
    Inside(Box<Scope>),
    /// An embedded subprocess with a boundary error event, and what is done after the error.
    Rescue(Box<Scope>, Box<Block>),
    /// A task decides whether the way ends here or goes on.
    Leave(Leaving),
}

/// How a way ends before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// With a plain end event; only where nothing else is open in the scope.
    End,
    /// With a terminate end event.
    Terminate,
    /// With an error end event; only inside [`Block::Rescue`].
    Error,
}

/// A process or the inside of a subprocess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// What is done.
    pub body: Block,
    /// Branches behind it, each with an end event of its own; none: one end event.
    pub tails: Vec<Block>,
}

/// What a random process may have in it.
#[derive(Clone, Copy, Debug)]
pub struct Kinds {
    /// Inclusive gateways.
    pub inclusive: bool,
}

/// Where a block stands.
#[derive(Clone, Copy)]
struct Place {
    kinds: Kinds,
    /// Blocks around it.
    depth: usize,
    /// Something else may be open in the same scope.
    concurrent: bool,
    /// An error would be caught.
    caught: bool,
}

impl Place {
    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    fn beside(self) -> Self {
        Self { concurrent: true, ..self.deeper() }
    }
}

/// A random process.
pub fn process(dice: &mut Dice, kinds: Kinds) -> Scope {
    scope(dice, Place { kinds, depth: 0, concurrent: false, caught: false })
}

fn scope(dice: &mut Dice, place: Place) -> Scope {
    let inside = Place { concurrent: false, ..place.deeper() };
    let body = sequence(dice, inside);
    let tails = if dice.one_in(6) { several(dice, inside.beside(), 2) } else { Vec::new() };
    Scope { body, tails }
}

fn sequence(dice: &mut Dice, place: Place) -> Block {
    let most = 4_usize.saturating_sub(place.depth).max(1);
    let count = dice.between(1, most);
    let mut blocks: Vec<Block> = (0..count).map(|_| block(dice, place)).collect();
    if blocks.len() == 1 { blocks.remove(0) } else { Block::Sequence(blocks) }
}

fn several(dice: &mut Dice, place: Place, least: usize) -> Vec<Block> {
    let count = dice.between(least, 3);
    (0..count).map(|_| sequence(dice, place)).collect()
}

fn block(dice: &mut Dice, place: Place) -> Block {
    if place.depth > 4 || dice.one_in(3) {
        return leaf(dice);
    }
    match dice.below(11) {
        0 | 1 => Block::Choice { ways: several(dice, place.deeper(), 2), loose: dice.one_in(3) },
        2 | 3 => Block::Parallel { branches: several(dice, place.beside(), 2), implicit: dice.one_in(4) },
        4 if place.kinds.inclusive => Block::Inclusive(several(dice, place.beside(), 2)),
        4 | 5 => Block::Loop(Box::new(sequence(dice, place.deeper()))),
        6 => Block::Break(Box::new(sequence(dice, place.deeper())), Box::new(sequence(dice, place.deeper()))),
        7 => Block::Braid((0..4).map(|_| sequence(dice, place.beside())).collect()),
        8 => Block::Inside(Box::new(scope(dice, place))),
        9 => Block::Rescue(Box::new(scope(dice, Place { caught: true, ..place })), Box::new(sequence(dice, place.deeper()))),
        _ => Block::Leave(match dice.below(3) {
            0 if !place.concurrent => Leaving::End,
            1 if place.caught => Leaving::Error,
            _ if place.caught && dice.one_in(2) => Leaving::Error,
            _ => Leaving::Terminate,
        }),
    }
}

fn leaf(dice: &mut Dice) -> Block {
    if dice.one_in(6) { Block::Many { count: dice.between(1, 3), together: dice.one_in(2) } } else { Block::Task }
}

impl Block {
    fn inner(&self) -> Vec<&Block> {
        match self {
            Self::Task | Self::Many { .. } | Self::Leave(_) => Vec::new(),
            Self::Sequence(blocks) | Self::Inclusive(blocks) | Self::Braid(blocks) => blocks.iter().collect(),
            Self::Choice { ways: blocks, .. } | Self::Parallel { branches: blocks, .. } => blocks.iter().collect(),
            Self::Loop(body) => vec![body],
            Self::Break(first, second) => vec![first, second],
            Self::Inside(scope) => scope.inner(),
            Self::Rescue(scope, rescue) => scope.inner().into_iter().chain([&**rescue]).collect(),
        }
    }

    fn inner_mut(&mut self) -> Vec<&mut Block> {
        match self {
            Self::Task | Self::Many { .. } | Self::Leave(_) => Vec::new(),
            Self::Sequence(blocks) | Self::Inclusive(blocks) | Self::Braid(blocks) => blocks.iter_mut().collect(),
            Self::Choice { ways: blocks, .. } | Self::Parallel { branches: blocks, .. } => blocks.iter_mut().collect(),
            Self::Loop(body) => vec![body],
            Self::Break(first, second) => vec![first, second],
            Self::Inside(scope) => scope.inner_mut(),
            Self::Rescue(scope, rescue) => scope.inner_mut().into_iter().chain([&mut **rescue]).collect(),
        }
    }

    /// Whether an error end event in here leaves it.
    fn throws(&self) -> bool {
        match self {
            Self::Leave(Leaving::Error) => true,
            Self::Rescue(_, rescue) => rescue.throws(),
            other => other.inner().into_iter().any(Self::throws),
        }
    }

    /// Whether this or anything in it is of a kind.
    pub fn has(&self, kind: &dyn Fn(&Self) -> bool) -> bool {
        kind(self) || self.inner().into_iter().any(|block| block.has(kind))
    }

    /// Whether anything in it, not counting itself, is of a kind.
    pub fn inside(&self, kind: &dyn Fn(&Self) -> bool) -> bool {
        self.inner().into_iter().any(|block| block.has(kind))
    }

    /// Blocks that are one step smaller and still sound in the same place.
    fn smaller(&self) -> Vec<Self> {
        let mut found = Vec::new();
        if *self != Self::Task {
            found.push(Self::Task);
            // What stands inside a subprocess may end it; outside it would end more.
            let hoistable = |block: &&Self| !block.throws() && !block.has(&|inner| matches!(inner, Self::Leave(_)));
            let free = !matches!(self, Self::Inside(_) | Self::Rescue(..));
            found.extend(self.inner().into_iter().filter(|block| free || hoistable(block)).cloned());
        }
        match self {
            Self::Sequence(blocks) => found.extend(without_one(blocks, 1).map(Self::Sequence)),
            Self::Choice { ways, loose } => {
                found.extend(without_one(ways, 2).map(|ways| Self::Choice { ways, loose: *loose }));
                if *loose {
                    found.push(Self::Choice { ways: ways.clone(), loose: false });
                }
            }
            Self::Parallel { branches, implicit } => {
                found.extend(without_one(branches, 2).map(|branches| Self::Parallel { branches, implicit: *implicit }));
                if *implicit {
                    found.push(Self::Parallel { branches: branches.clone(), implicit: false });
                }
            }
            Self::Inclusive(blocks) => found.extend(without_one(blocks, 2).map(Self::Inclusive)),
            Self::Break(first, second) => {
                found.push(Self::Loop(first.clone()));
                found.push(Self::Loop(second.clone()));
            }
            Self::Inside(scope) => found.extend(scope.fewer_tails().map(|scope| Self::Inside(Box::new(scope)))),
            Self::Rescue(scope, rescue) => {
                found.extend(scope.fewer_tails().map(|scope| Self::Rescue(Box::new(scope), rescue.clone())));
            }
            Self::Many { count, together } if *count > 1 => found.push(Self::Many { count: count - 1, together: *together }),
            _ => {}
        }
        for at in 0..self.inner().len() {
            for smaller in self.inner()[at].smaller() {
                let mut copy = self.clone();
                *copy.inner_mut().swap_remove(at) = smaller;
                found.push(copy);
            }
        }
        found
    }
}

fn without_one(blocks: &[Block], least: usize) -> impl Iterator<Item = Vec<Block>> + '_ {
    let count = if blocks.len() > least { blocks.len() } else { 0 };
    (0..count).map(|gone| blocks.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, block)| block.clone()).collect())
}

impl Scope {
    fn inner(&self) -> Vec<&Block> {
        std::iter::once(&self.body).chain(&self.tails).collect()
    }

    fn inner_mut(&mut self) -> Vec<&mut Block> {
        std::iter::once(&mut self.body).chain(&mut self.tails).collect()
    }

    fn fewer_tails(&self) -> impl Iterator<Item = Self> + '_ {
        let count = self.tails.len();
        (0..count).map(|gone| {
            let mut tails = self.tails.clone();
            tails.remove(gone);
            Self { body: self.body.clone(), tails: if tails.len() < 2 { Vec::new() } else { tails } }
        })
    }

    /// Whether anything in it is of a kind.
    pub fn has(&self, kind: &dyn Fn(&Block) -> bool) -> bool {
        self.inner().into_iter().any(|block| block.has(kind))
    }

    /// Number of blocks.
    pub fn size(&self) -> usize {
        fn size(block: &Block) -> usize {
            1 + block.inner().into_iter().map(size).sum::<usize>()
        }
        self.inner().into_iter().map(size).sum()
    }

    /// Processes that are one step smaller, smallest first.
    pub fn smaller(&self) -> Vec<Self> {
        let mut found: Vec<Self> = self.fewer_tails().collect();
        for at in 0..self.inner().len() {
            for smaller in self.inner()[at].smaller() {
                let mut copy = self.clone();
                *copy.inner_mut().swap_remove(at) = smaller;
                found.push(copy);
            }
        }
        found.sort_by_key(Self::size);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn making_it_smaller_comes_to_an_end() {
        for seed in 0..40 {
            let mut scope = process(&mut Dice::new(seed), Kinds { inclusive: true });
            let mut steps = 0;
            while let Some(smaller) = scope.smaller().into_iter().next() {
                assert!(smaller != scope);
                scope = smaller;
                steps += 1;
                assert!(steps < 1_000);
            }
            assert_eq!(scope, Scope { body: Block::Task, tails: Vec::new() });
        }
    }

    #[test]
    fn an_error_is_thrown_only_where_it_is_caught() {
        for seed in 0..200 {
            let scope = process(&mut Dice::new(seed), Kinds { inclusive: true });
            assert!(scope.inner().into_iter().all(|block| !block.throws()), "{seed}");
            assert!(scope.smaller().iter().all(|scope| scope.inner().into_iter().all(|block| !block.throws())), "{seed}");
        }
    }
}
