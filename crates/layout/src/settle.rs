//! Settles numbers that wish to be somewhere, but must keep their order and their distances.
//!
//! To be as near as can be to the wishes, by least squares, is what pooling adjacent violators finds, exactly and in linear time
//! (M. Ayer and others, "An empirical distribution function for sampling with incomplete information", 1955).

/// Numbers that keep their order.
#[derive(Default)]
pub(crate) struct Line {
    /// For each number what it wishes for, how much, and its least distance from the one before.
    pub(crate) wishes: Vec<Wish>,
    pools: Vec<Pool>,
}

pub(crate) struct Wish {
    pub(crate) at: f64,
    pub(crate) weight: f64,
    pub(crate) gap: f64,
}

/// Numbers that touch: they move as one.
struct Pool {
    /// Sum of weights, and of weights times wishes for the place of the first number of all.
    weight: f64,
    sum: f64,
    end: usize,
}

impl Line {
    /// The numbers nearest to the wishes.
    pub(crate) fn settle(&mut self) -> impl Iterator<Item = f64> {
        self.pools.clear();
        let mut offset = 0.0;
        for (index, wish) in self.wishes.iter().enumerate() {
            offset += wish.gap;
            let mut pool = Pool { weight: wish.weight, sum: wish.weight * (wish.at - offset), end: index + 1 };
            while let Some(last) = self.pools.pop_if(|last| last.sum * pool.weight >= pool.sum * last.weight) {
                pool.weight += last.weight;
                pool.sum += last.sum;
            }
            self.pools.push(pool);
        }
        let Self { wishes, pools } = &*self;
        let (mut pool, mut offset) = (0, 0.0);
        wishes.iter().enumerate().map(move |(index, wish)| {
            offset += wish.gap;
            if index == pools[pool].end {
                pool += 1;
            }
            pools[pool].sum / pools[pool].weight + offset
        })
    }
}
