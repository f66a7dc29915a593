package dev.cotangent.data;

import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Generator;
import dev.cotangent.Scope;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Internals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DataLoaderTest {
    private static final Dataset<Long> TEN = Dataset.of(10, i -> i);

    private static DataLoaderOptions options(int workers) {
        return DataLoader.options().batchSize(4).numWorkers(workers);
    }

    private static String text(Iterable<?> batches) {
        List<Object> all = new ArrayList<>();
        batches.forEach(all::add);
        return all.toString();
    }

    private static boolean areGone(Set<Thread> threads) throws InterruptedException {
        for (Thread t : threads) t.join(20_000);
        return threads.stream().noneMatch(Thread::isAlive);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void anyNumberOfWorkersMakesTheSameBatches(int workers) {
        Dataset<Example<Tensor>> data =
                TensorDataset.of(tensor(new float[][] {{1, 2}, {3, 4}, {5, 6}}), tensor(7, 8, 9));
        try (var loader = DataLoader.of(data, options(workers).batchSize(2))) {
            assertEquals(2, loader.size());
            List<Example<Tensor>> batches = new ArrayList<>();
            loader.forEach(batches::add);
            assertEquals(
                    "tensor([[1., 2.],\n        [3., 4.]])",
                    batches.get(0).input().toString());
            assertEquals("tensor([7, 8])", batches.get(0).target().toString());
            assertEquals("tensor([[5., 6.]])", batches.get(1).input().toString());
        }
        try (var loader =
                DataLoader.of(TEN, Collate.standard(), options(workers).dropLast(true))) {
            assertEquals("[tensor([0, 1, 2, 3]), tensor([4, 5, 6, 7])]", text(loader));
            assertEquals(2, loader.size());
        }
        try (var loader = DataLoader.samples(TEN, DataLoader.options().numWorkers(workers))) {
            assertEquals("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", text(loader));
        }
        BatchSampler own = new BatchSampler() {
            @Override
            public long size() {
                return 2;
            }

            @Override
            public Iterator<long[]> iterator() {
                return List.of(new long[] {9}, new long[] {1, 1}).iterator();
            }
        };
        DataLoaderOptions chosen = DataLoader.options().numWorkers(workers).batchSampler(own);
        try (var loader = DataLoader.of(TEN, Collate.list(), chosen)) {
            assertEquals("[[9], [1, 1]]", text(loader));
        }
        try (var loader = DataLoader.of(
                Dataset.<Long>of(List.of()), Collate.list(), options(workers).shuffle(true))) {
            assertEquals("[]", text(loader));
        }
    }

    /** The numbers 0 to 9, and how often it was closed. */
    private static final class Counting implements SampleIterator<Long> {
        private final AtomicInteger closings;
        private long next;
        private boolean closed;

        Counting(AtomicInteger closings) {
            this.closings = closings;
        }

        @Override
        public boolean hasNext() {
            if (next == 10) close();
            return !closed;
        }

        @Override
        public Long next() {
            return next++;
        }

        @Override
        public void close() {
            if (!closed) closings.incrementAndGet();
            closed = true;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aStreamIsReadOnceAndKeepsItsOrder(int workers) {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        IterableDataset<Long> stream = () -> {
            opened.incrementAndGet();
            return new Counting(closed);
        };
        IterableDataset<Long> tenfold = stream.map(i -> i + 1).map(i -> 10 * i);
        try (var loader = DataLoader.of(tenfold, Collate.list(), options(workers))) {
            assertEquals("[[10, 20, 30, 40], [50, 60, 70, 80], [90, 100]]", text(loader));
            assertThrows(TypeException.class, loader::size);
        }
        try (var loader =
                DataLoader.of(tenfold, Collate.list(), options(workers).dropLast(true))) {
            assertEquals("[[10, 20, 30, 40], [50, 60, 70, 80]]", text(loader));
            loader.iterator().next();
        }
        assertEquals(3, opened.get());
        assertEquals(3, closed.get());
        IterableDataset<Long> composed = stream.filter(i -> i % 2 == 0).chain(stream.limit(2));
        assertEquals("[0, 2, 4, 6, 8, 0, 1]", text(composed));
        List<Long> shuffled = new ArrayList<>();
        for (Long i : stream.shuffle(3, new Generator(0))) {
            assertTrue(i <= shuffled.size() + 2, "from further ahead than the buffer: " + i + " after " + shuffled);
            shuffled.add(i);
        }
        assertNotEquals("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", shuffled.toString());
        shuffled.sort(null);
        assertEquals("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", shuffled.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void anErrorNamesItsSampleAndTheNextBatchesCome(int workers) {
        Dataset<Long> bad = Dataset.of(10, i -> {
            if (i == 5) throw new IllegalStateException("torn page");
            return i;
        });
        try (var loader = DataLoader.of(bad, Collate.list(), options(workers))) {
            Iterator<List<Long>> batches = loader.iterator();
            assertEquals(List.of(0L, 1L, 2L, 3L), batches.next());
            assertTrue(batches.hasNext());
            LoaderException e = assertThrows(LoaderException.class, batches::next);
            assertEquals(5, e.index());
            assertEquals(1, e.batch());
            assertEquals(workers == 0 ? -1 : 1, e.worker());
            assertEquals(
                    "Caught IllegalStateException" + (workers == 0 ? "" : " in DataLoader worker 1")
                            + ", sample 5 of batch 1: torn page",
                    e.getMessage());
            assertInstanceOf(IllegalStateException.class, e.getCause());
            assertEquals(List.of(8L, 9L), batches.next());
            assertFalse(batches.hasNext());
        }
        try (var loader = DataLoader.of(
                Dataset.of(List.of(Tensors.ones(2), Tensors.ones(3))),
                options(workers).batchSize(2))) {
            LoaderException e =
                    assertThrows(LoaderException.class, () -> loader.iterator().next());
            assertTrue(
                    e.getMessage()
                            .contains(
                                    "collating batch 0 of samples [0, 1]: stack expects each tensor to be equal size"),
                    e.getMessage());
        }
        IterableDataset<Long> torn = IterableDataset.of(List.of(1L, 2L, 3L)).map(i -> 6 / (i - 2));
        try (var loader = DataLoader.of(torn, Collate.list(), options(workers))) {
            LoaderException e =
                    assertThrows(LoaderException.class, () -> loader.iterator().next());
            assertEquals(1, e.index());
        }
        if (workers == 0) return;
        Dataset<Long> deep = Dataset.of(1, i -> {
            throw new StackOverflowError();
        });
        try (var loader = DataLoader.of(deep, Collate.list(), options(workers))) {
            LoaderException e =
                    assertThrows(LoaderException.class, () -> loader.iterator().next());
            assertInstanceOf(StackOverflowError.class, e.getCause());
        }
    }

    @Test
    void workersEndWithTheEpochWithCloseAndWhenTheIteratorIsLeft() throws InterruptedException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Dataset<Long> noting = Dataset.of(100, i -> {
            threads.add(Thread.currentThread());
            return i;
        });
        var loader = DataLoader.of(noting, Collate.list(), options(2));
        for (List<Long> _ : loader) assertTrue(threads.stream().allMatch(Thread::isDaemon));
        assertTrue(areGone(threads), "after the epoch");
        threads.clear();
        for (List<Long> _ : loader) break;
        for (int i = 0; i < 200 && threads.stream().anyMatch(Thread::isAlive); i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertTrue(areGone(threads), "after the iterator was left");
        threads.clear();
        try (SampleIterator<List<Long>> batches = loader.iterator()) {
            batches.next();
        }
        assertTrue(areGone(threads), "after the iterator was closed");
        threads.clear();
        SampleIterator<List<Long>> open = loader.iterator();
        open.next();
        loader.close();
        assertTrue(areGone(threads), "after the loader was closed");
        assertTrue(assertThrows(LoaderException.class, open::next).getMessage().contains("closed"));
        assertThrows(LoaderException.class, loader::iterator);
        loader.close();
    }

    @Test
    void persistentWorkersGoOnFromEpochToEpoch() throws InterruptedException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger started = new AtomicInteger();
        Dataset<Long> noting = Dataset.of(20, i -> {
            threads.add(Thread.currentThread());
            assertEquals(2, WorkerInfo.current().orElseThrow().numWorkers());
            return i;
        });
        DataLoaderOptions persistent =
                options(2).persistentWorkers(true).prefetchFactor(1).workerInit(_ -> started.incrementAndGet());
        try (var loader = DataLoader.of(noting, Collate.list(), persistent)) {
            SampleIterator<List<Long>> left = loader.iterator();
            left.next();
            for (int epoch = 0; epoch < 3; epoch++) {
                int batches = 0;
                for (List<Long> _ : loader) batches++;
                assertEquals(5, batches);
            }
            assertThrows(LoaderException.class, left::next);
        }
        assertEquals(2, started.get());
        assertEquals(2, threads.size());
        assertTrue(areGone(threads));
        assertTrue(WorkerInfo.current().isEmpty());
        try (var loader = DataLoader.of(TEN, Collate.list(), options(1).workerInit(_ -> {
            throw new IllegalArgumentException("no licence");
        }))) {
            LoaderException e =
                    assertThrows(LoaderException.class, () -> loader.iterator().next());
            assertTrue(e.getMessage().contains("worker 0, starting it: no licence"), e.getMessage());
        }
    }

    @Test
    void workersMakeBatchesAheadAndNoMore() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        Dataset<Long> counting = Dataset.of(1000, i -> {
            made.incrementAndGet();
            return i;
        });
        DataLoaderOptions ahead =
                DataLoader.options().batchSize(2).numWorkers(2).prefetchFactor(3);
        try (var loader = DataLoader.of(counting, Collate.list(), ahead)) {
            SampleIterator<List<Long>> batches = loader.iterator();
            for (int i = 0; i < 500 && made.get() < 12; i++) Thread.sleep(10);
            assertEquals(12, made.get());
            batches.next();
            for (int i = 0; i < 500 && made.get() < 14; i++) Thread.sleep(10);
            assertEquals(14, made.get());
        }
    }

    @Test
    void aBatchThatTakesLongRaises() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        Dataset<Long> slow = Dataset.of(2, i -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return i;
        });
        try (var loader = DataLoader.of(slow, Collate.list(), options(1).timeout(Duration.ofMillis(30)))) {
            SampleIterator<List<Long>> batches = loader.iterator();
            LoaderException e = assertThrows(LoaderException.class, batches::next);
            assertTrue(
                    e.getMessage().startsWith("DataLoader timed out after 0.03 seconds: worker 0 has not made batch 0"),
                    e.getMessage());
            AtomicBoolean interrupted = new AtomicBoolean();
            Thread waiting = new Thread(() -> {
                try (var other = DataLoader.of(slow, Collate.list(), options(1))) {
                    Iterator<List<Long>> never = other.iterator();
                    Thread.currentThread().interrupt();
                    interrupted.set(assertThrows(LoaderException.class, never::next)
                                    .getMessage()
                                    .startsWith("interrupted")
                            && Thread.interrupted());
                    go.countDown();
                }
            });
            waiting.start();
            waiting.join();
            assertTrue(interrupted.get());
            while (true) {
                try {
                    assertEquals(List.of(0L, 1L), batches.next());
                    break;
                } catch (LoaderException late) {
                    assertTrue(late.getMessage().contains("timed out"), late.getMessage());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void noScopeFreesABatchOrWhatADatasetKeeps(int workers) {
        Tensor[] cache = new Tensor[8];
        Dataset<Tensor> caching = Dataset.of(8, i -> {
            int at = (int) i;
            if (cache[at] == null) cache[at] = Tensors.full(Shape.of(3), at);
            return cache[at];
        });
        List<Tensor> seen = new ArrayList<>();
        try (var loader = DataLoader.of(caching, options(workers).batchSize(2))) {
            for (int epoch = 0; epoch < 2; epoch++) {
                try (var _ = Scope.open()) {
                    SampleIterator<Tensor> batches = loader.iterator();
                    while (batches.hasNext()) {
                        try (var _ = Scope.open()) {
                            Tensor batch = batches.next();
                            assertEquals(
                                    3.0
                                            * (batch.get(0, 0).itemDouble()
                                                    + batch.get(1, 0).itemDouble()),
                                    batch.sum().itemDouble());
                            seen.add(batch);
                        }
                    }
                }
            }
        }
        for (Tensor t : seen) assertFalse(Internals.storage(t).isClosed());
        assertEquals(8, seen.size());
        for (Tensor t : cache) t.sum().item();
    }

    @Test
    void optionsThatContradictAreRefused() {
        DataLoaderOptions o = DataLoader.options();
        Sampler s = new SequentialSampler(TEN);
        BatchSampler b = BatchSampler.of(s, 2, false);
        for (DataLoaderOptions bad : List.of(
                o.shuffle(true).sampler(s),
                o.batchSampler(b).batchSize(2),
                o.batchSampler(b).dropLast(true),
                o.prefetchFactor(2),
                o.persistentWorkers(true),
                o.timeout(Duration.ofSeconds(1)))) {
            assertThrows(ValueException.class, () -> DataLoader.of(TEN, Collate.list(), bad));
        }
        assertThrows(ValueException.class, () -> o.batchSize(0));
        assertThrows(ValueException.class, () -> o.numWorkers(-1));
        assertThrows(ValueException.class, () -> DataLoader.samples(TEN, o.batchSize(2)));
        IterableDataset<Long> stream = IterableDataset.of(List.of(1L));
        assertThrows(ValueException.class, () -> DataLoader.of(stream, Collate.list(), o.shuffle(true)));
        assertThrows(ValueException.class, () -> DataLoader.of(stream, Collate.list(), o.sampler(s)));
        assertThrows(CotangentException.class, () -> DataLoader.of((Dataset<Long>) null, o));
        assertSame(o, DataLoader.options());
    }
}
